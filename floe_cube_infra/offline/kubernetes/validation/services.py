"""Rules for Services."""

from __future__ import annotations

from typing import Any, Final

from floe_cube_infra.offline.kubernetes.objects import ObjectType
from floe_cube_infra.offline.kubernetes.validation import names
from floe_cube_infra.offline.kubernetes.validation.containers import (
    check_port_name,
    check_port_number,
    check_unique,
)
from floe_cube_infra.offline.kubernetes.validation.findings import Findings
from floe_cube_infra.offline.kubernetes.validation.metadata import check_labels
from floe_cube_infra.offline.property_path import Path

_TYPES: Final = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")


def check_service(manifest: dict[str, Any], _kind: ObjectType, findings: Findings) -> None:
    """Checks a Service's type, ports and selector."""
    if manifest.get("spec") is None:
        findings.add(("spec",), "is missing; give ports and a selector")
        return
    spec = findings.mapping(manifest, "spec", ())
    if not spec:
        return
    kind = spec.get("type")
    if isinstance(kind, str) and kind not in _TYPES:
        findings.add(("spec", "type"), f"is {kind!r}; allowed are {', '.join(_TYPES)}")
    check_labels(spec, "selector", ("spec",), findings)
    ports = findings.items(spec, "ports", ("spec",))
    if kind == "ExternalName":
        if spec.get("externalName") in (None, ""):
            findings.add(("spec", "externalName"), "is missing; a Service of type ExternalName needs it")
    elif not ports and spec.get("ports") in (None, []) and spec.get("clusterIP") != "None":
        findings.add(("spec", "ports"), "is empty; a Service needs at least one port, unless it is an ExternalName")
    for path, port in ports:
        _check_port(port, path, findings, several=len(ports) > 1)
    check_unique("name", ports, "port", findings)


def _check_port(port: dict[str, Any], path: Path, findings: Findings, *, several: bool) -> None:
    check_port_number(port.get("port"), (*path, "port"), findings)
    target = port.get("targetPort")
    if isinstance(target, str):
        check_port_name(target, (*path, "targetPort"), findings)
    elif target is not None:
        check_port_number(target, (*path, "targetPort"), findings)
    name = port.get("name")
    if name in (None, "") and several:
        findings.add((*path, "name"), "is missing; with several ports each needs a name")
    elif isinstance(name, str) and name and (reason := names.not_a_label(name)):
        findings.add((*path, "name"), reason)
