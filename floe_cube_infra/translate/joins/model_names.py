"""Which dbt node a name means, as dbt itself looks it up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from floe_cube_infra.translate.sources import SourceModel


class ModelNames:
    """The nodes that become cubes, by the names that people give them in dbt."""

    def __init__(self, sources: Iterable[SourceModel]) -> None:
        self._by_name: dict[str, list[SourceModel]] = defaultdict(list)
        for source in sources:
            self._by_name[source.node.name.lower()].append(source)

    def find(
        self, name: str, asking: SourceModel, package: str | None = None, version: str | None = None
    ) -> SourceModel | None:
        """The node of that name; None if there is none, or if it could be several.

        Args:
            name: The model's name, without its version; case does not matter.
            asking: The node in which the name stands: its own package's goes before others'.
            package: The package that the node must be of.
            version: Its version; the latest by default.
        """
        found = [
            source
            for source in self._by_name.get(name.lower(), ())
            if package in (None, source.node.package_name) and _is_version(source, version)
        ]
        if len(found) > 1:
            found = [source for source in found if source.node.package_name == asking.node.package_name]
        return found[0] if len(found) == 1 else None


def _is_version(source: SourceModel, version: str | None) -> bool:
    node = source.node
    if version is not None:
        return str(node.version) == version
    return node.version is None or node.latest_version is None or str(node.version) == str(node.latest_version)
