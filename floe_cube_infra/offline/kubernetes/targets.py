"""Where objects go: what the provider asks of a place, and the place that takes none."""

from __future__ import annotations

from typing import NoReturn, Protocol

from floe_cube_infra.offline.errors import ProviderError
from floe_cube_infra.offline.kubernetes.validation.findings import Problem
from floe_cube_infra.offline.wire import Properties


class Target(Protocol):
    """A place that holds objects, such as a folder of files or a cluster.

    Every method may raise `ProviderError`, with a sentence for the user.
    """

    @property
    def description(self) -> str:
        """What the user should know of the place: a sentence that begins with the provider."""

    def refusals(self, urn: str, properties: Properties) -> list[Problem]:
        """Gives what keeps the place from taking an object; parts of it may not be known yet."""

    def create(self, urn: str, properties: Properties) -> None:
        """Takes a new object."""

    def update(self, urn: str, old: Properties, new: Properties) -> None:
        """Changes an object in place."""

    def read(self, urn: str, known: Properties) -> Properties | None:
        """Gives the object as it is now, or None if it is gone.

        Args:
            urn: The resource.
            known: What is known of it: at least its type, name and namespace. Values that the place can't
            give back
                are taken from here.
        """

    def delete(self, urn: str, properties: Properties) -> None:
        """Removes an object; one that is gone already is no error."""


class Nowhere:
    """The place without a place: everything can be previewed, nothing can be done."""

    description = "has nowhere to render to, so that only previews work; set kubernetes:renderYamlToDirectory"

    def refusals(self, urn: str, properties: Properties) -> list[Problem]:  # noqa: ARG002
        """Refuses nothing, so that previews work."""
        return []

    def create(self, urn: str, properties: Properties) -> None:  # noqa: ARG002
        """Raises `ProviderError`."""
        self._refuse()

    def update(self, urn: str, old: Properties, new: Properties) -> None:  # noqa: ARG002
        """Raises `ProviderError`."""
        self._refuse()

    def read(self, urn: str, known: Properties) -> Properties | None:  # noqa: ARG002
        """Raises `ProviderError`."""
        self._refuse()

    def delete(self, urn: str, properties: Properties) -> None:  # noqa: ARG002
        """Raises `ProviderError`."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise ProviderError(
            "The offline Kubernetes provider only renders YAML files and was given no folder: set it with "
            "`pulumi config set kubernetes:renderYamlToDirectory FOLDER` (or renderYamlToDirectory of the "
            "Provider), or install the official plugin to reach a cluster."
        )
