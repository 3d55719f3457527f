"""What changes about a resource, in the words of those who know its kind; names only, never values."""

from __future__ import annotations

import re
from typing import Any, Final

from floe_cube_infra.pull_request.preview import Action, Resource

_CONFIG_MAP: Final = "kubernetes:core/v1:ConfigMap"
_IN_CONTAINER: Final = re.compile(
    r"spec\.template\.spec\.(containers|initContainers)\[(\d{1,4})\](?:\.env\[(\d{1,4})\])?.*"
)
_RESTART: Final = re.compile(r"spec\.template\..*(?:configMap|configMapRef|secret|secretRef|secretKeyRef)\.\w*[nN]ame")
_INDEX: Final = re.compile(r"\[\d+\]")


def action_of(resource: Resource) -> Action:
    """What happens to those who look at it: a ConfigMap named by its content is replaced, and has changed."""
    is_pair = resource.type == _CONFIG_MAP and resource.action == "replaced"
    return "changed" if is_pair else resource.action


def changed_parts(resource: Resource) -> list[str]:
    """The parts that change, each once; none of what comes or goes as a whole."""
    if resource.action == "deleted" and resource.is_retained:
        return ["stays where it is; the stack only lets it go"]
    if resource.action in ("created", "deleted"):
        return []
    paths = [path for path in resource.paths if not (resource.type == _CONFIG_MAP and path.startswith("metadata."))]
    return list(dict.fromkeys(_part(resource, path) for path in paths))


def _part(resource: Resource, path: str) -> str:
    if _RESTART.fullmatch(path):
        return "restart with changed files"
    found = _IN_CONTAINER.fullmatch(path)
    if found is None:
        return _INDEX.sub("", path.removeprefix("spec.template.").removeprefix("spec."))
    containers, index, variable = found[1], int(found[2]), found[3]
    container = _at(_at(resource.new, "spec", "template", "spec", containers), index)
    prefix = f"{_name(container) or containers}: "
    if variable is not None:
        return f"{prefix}variable {_name(_at(container, 'env', int(variable))) or ''}".rstrip()
    rest = path.partition("].")[2]
    return prefix + (_INDEX.sub("", rest) or "container")


def _at(value: object, *places: str | int) -> object:
    found: Any = value
    for place in places:
        try:
            found = found[place]
        except (LookupError, TypeError):
            return None
    return found


def _name(value: object) -> str | None:
    name = _at(value, "name")
    return name if isinstance(name, str) else None
