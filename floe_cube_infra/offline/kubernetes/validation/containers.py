"""Rules for the containers of a pod: names, ports, environment, resources, and mounts that exist."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from floe_cube_infra.offline.kubernetes.validation import names
from floe_cube_infra.offline.kubernetes.validation.findings import Findings, kind_of
from floe_cube_infra.offline.property_path import Path
from floe_cube_infra.offline.wire import Plain, Unknown

_QUANTITY: Final = re.compile(r"[+-]?(\d+|\d+\.\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?")
_PORT_NAME: Final = re.compile(r"(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?")
_LARGEST_PORT: Final = 65535


def check_container(container: dict[str, Any], path: Path, volumes: set[str] | None, findings: Findings) -> None:
    """Checks one container.

    Args:
        container: The plain container.
        path: Where it stands.
        volumes: The names of what can be mounted; None if they aren't all known yet.
        findings: Takes the problems.
    """
    name = container.get("name")
    if name is None:
        findings.add((*path, "name"), "is missing; every container needs a name")
    elif isinstance(name, str) and (reason := names.not_a_label(name)):
        findings.add((*path, "name"), reason)
    if container.get("image") in (None, ""):
        findings.add((*path, "image"), "is missing; every container needs an image")
    _check_ports(container, path, findings)
    _check_environment(container, path, findings)
    resources = findings.mapping(container, "resources", path)
    for field in ("limits", "requests"):
        for resource, quantity in findings.mapping(resources, field, (*path, "resources")).items():
            check_quantity(quantity, (*path, "resources", field, resource), findings)
    for mount_path, mount in findings.items(container, "volumeMounts", path):
        volume = mount.get("name")
        if volumes is not None and isinstance(volume, str) and volume not in volumes:
            known = ", ".join(sorted(volumes)) or "none"
            findings.add((*mount_path, "name"), f"there is no volume {volume!r} in the pod; its volumes: {known}")
        if mount.get("mountPath") in (None, ""):
            findings.add((*mount_path, "mountPath"), "is missing; say where the volume appears in the container")


def _check_ports(container: dict[str, Any], path: Path, findings: Findings) -> None:
    ports = findings.items(container, "ports", path)
    for port_path, port in ports:
        check_port_number(port.get("containerPort"), (*port_path, "containerPort"), findings)
        check_port_name(port.get("name"), (*port_path, "name"), findings)
    check_unique("name", ports, "port", findings)


def _check_environment(container: dict[str, Any], path: Path, findings: Findings) -> None:
    for variable_path, variable in findings.items(container, "env", path):
        value = variable.get("value")
        if variable.get("name") in (None, ""):
            findings.add((*variable_path, "name"), "is missing; every environment variable needs a name")
        if value not in (None, "") and variable.get("valueFrom") is not None:
            findings.add((*variable_path, "valueFrom"), "stands beside value; give one of the two")
        if not isinstance(value, str | Unknown | None):
            findings.add((*variable_path, "value"), f"must be a string, but is {kind_of(value)}; put it in quotes")


def check_quantity(quantity: Plain, path: Path, findings: Findings) -> None:
    """Checks an amount such as `500m`, `2Gi` or `1.5`."""
    if isinstance(quantity, Unknown) or (isinstance(quantity, int | float) and not isinstance(quantity, bool)):
        return
    if not isinstance(quantity, str) or not _QUANTITY.fullmatch(quantity):
        findings.add(
            path,
            f"{quantity!r} isn't a quantity: write a number with an optional suffix (m, k, M, G, T, P, E, "
            "Ki, Mi, Gi, Ti, Pi, Ei), such as 500m or 2Gi",
        )


def check_port_number(port: Plain, path: Path, findings: Findings) -> None:
    """Checks a port that must be given as a number."""
    if isinstance(port, Unknown):
        return
    if port is None:
        findings.add(path, "is missing; give a number from 1 to 65535")
    elif isinstance(port, bool) or not isinstance(port, int) or not 1 <= port <= _LARGEST_PORT:
        findings.add(path, f"{port!r} isn't a port: give a number from 1 to 65535")


def check_port_name(name: Plain, path: Path, findings: Findings) -> None:
    """Checks the optional name of a container's port (IANA service names)."""
    if isinstance(name, str) and (not _PORT_NAME.fullmatch(name) or "--" in name):
        findings.add(
            path,
            f"{name!r} isn't a port's name: use at most 15 lower case letters, digits and '-', with at least "
            "one letter, no '--', and a letter or digit at both ends",
        )


def check_unique(field: str, items: Iterable[tuple[Path, dict[str, Any]]], what: str, findings: Findings) -> None:
    """Checks that no two of `items` have the same `field`."""
    first: dict[str, Path] = {}
    for path, item in items:
        value = item.get(field)
        if not isinstance(value, str):
            continue
        if value in first:
            findings.add((*path, field), f"there is already a {what} {value!r}; each needs a {field} of its own")
        first.setdefault(value, path)
