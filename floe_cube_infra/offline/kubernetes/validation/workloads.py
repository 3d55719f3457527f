"""Rules for what runs pods: their parts belong together, and a selector selects its own template."""

from __future__ import annotations

from typing import Any, Final

from floe_cube_infra.offline.kubernetes.objects import ObjectType, metadata_of, text_of
from floe_cube_infra.offline.kubernetes.validation import names
from floe_cube_infra.offline.kubernetes.validation.containers import (
    check_container,
    check_quantity,
    check_unique,
)
from floe_cube_infra.offline.kubernetes.validation.findings import Findings
from floe_cube_infra.offline.kubernetes.validation.metadata import check_annotations, check_labels
from floe_cube_infra.offline.property_path import Path
from floe_cube_infra.offline.wire import Plain, Unknown

_RESTART_POLICIES: Final = {"Job": ("OnFailure", "Never"), "CronJob": ("OnFailure", "Never")}
_ALWAYS: Final = ("Always",)


def check_pod(manifest: dict[str, Any], _kind: ObjectType, findings: Findings) -> None:
    """Checks a Pod."""
    if _has_spec(manifest, (), findings):
        check_pod_spec(findings.mapping(manifest, "spec", ()), ("spec",), findings)


def check_workload(manifest: dict[str, Any], kind: ObjectType, findings: Findings) -> None:
    """Checks a Deployment, StatefulSet, DaemonSet, ReplicaSet or Job."""
    if _has_spec(manifest, (), findings):
        _check_workload_spec(findings.mapping(manifest, "spec", ()), ("spec",), kind, findings)


def check_cron_job(manifest: dict[str, Any], kind: ObjectType, findings: Findings) -> None:
    """Checks a CronJob: its schedule's presence and its Job."""
    if not _has_spec(manifest, (), findings):
        return
    spec = findings.mapping(manifest, "spec", ())
    if isinstance(manifest["spec"], dict) and spec.get("schedule") in (None, ""):
        findings.add(("spec", "schedule"), "is missing; give five cron fields, such as '*/15 * * * *'")
    template = findings.mapping(spec, "jobTemplate", ("spec",))
    path: Path = ("spec", "jobTemplate")
    if template and _has_spec(template, path, findings):
        _check_workload_spec(findings.mapping(template, "spec", path), (*path, "spec"), kind, findings)


def _has_spec(manifest: dict[str, Any], path: Path, findings: Findings) -> bool:
    if manifest.get("spec") is None:
        findings.add((*path, "spec"), "is missing")
        return False
    return True


def _check_workload_spec(spec: dict[str, Any], path: Path, kind: ObjectType, findings: Findings) -> None:
    if not spec:
        return  # not known yet, or already reported
    template = findings.mapping(spec, "template", path)
    if spec.get("template") is None:
        findings.add((*path, "template"), "is missing; it describes the pods")
    template_path = (*path, "template")
    metadata = findings.mapping(template, "metadata", template_path)
    check_labels(metadata, "labels", (*template_path, "metadata"), findings)
    check_annotations(metadata, (*template_path, "metadata"), findings)
    if kind.group == "apps" and spec.get("template") is not None:
        _check_selector(spec, metadata, path, template, findings)
    replicas = spec.get("replicas")
    if isinstance(replicas, int | float) and replicas < 0:
        findings.add((*path, "replicas"), f"is {replicas}; it can't be less than 0")
    claims = findings.items(spec, "volumeClaimTemplates", path) if kind.kind == "StatefulSet" else []
    claim_names = {text_of(metadata_of(claim), "name") for _, claim in claims}
    if isinstance(template.get("spec"), dict):
        pod = template["spec"]
        check_pod_spec(pod, (*template_path, "spec"), findings, claim_names)
        _check_restart_policy(pod, (*template_path, "spec"), kind, findings)
    elif template and template.get("spec") is None:
        findings.add((*template_path, "spec"), "is missing; it lists the containers")


def _check_selector(
    spec: dict[str, Any], metadata: dict[str, Any], path: Path, template: dict[str, Any], findings: Findings
) -> None:
    selector = findings.mapping(spec, "selector", path)
    if spec.get("selector") is None:
        findings.add((*path, "selector"), "is missing; give matchLabels that the template's labels hold")
        return
    check_labels(selector, "matchLabels", (*path, "selector"), findings)
    labels = metadata.get("labels")
    if isinstance(labels, Unknown) or any(
        isinstance(part, Unknown) for part in (spec.get("template"), template.get("metadata"))
    ):
        return
    labels = labels if isinstance(labels, dict) else {}
    wanted = selector.get("matchLabels")
    for key, value in (wanted if isinstance(wanted, dict) else {}).items():
        given = labels.get(key)
        if isinstance(value, Unknown) or isinstance(given, Unknown) or given == value:
            continue
        has = f"has {given!r}" if key in labels else "doesn't have it"
        findings.add(
            (*path, "selector", "matchLabels", key),
            f"selects {value!r}, but the template's label {has}; the selector must match the template's labels",
        )


def _check_restart_policy(pod: dict[str, Any], path: Path, kind: ObjectType, findings: Findings) -> None:
    allowed = _RESTART_POLICIES.get(kind.kind, _ALWAYS)
    policy = pod.get("restartPolicy")
    # A Job has no default: the pod's own, Always, isn't allowed there.
    if (policy is None and allowed is not _ALWAYS) or (isinstance(policy, str) and policy not in allowed):
        findings.add((*path, "restartPolicy"), f"is {policy or 'missing'}; a {kind.kind} allows {' or '.join(allowed)}")


def check_pod_spec(pod: dict[str, Any], path: Path, findings: Findings, claims: set[str] | None = None) -> None:
    """Checks a pod's specification.

    Args:
        pod: The plain specification.
        path: Where it stands.
        findings: Takes the problems.
        claims: The names of volumes that a StatefulSet adds to the pod.
    """
    volumes = findings.items(pod, "volumes", path)
    check_unique("name", volumes, "volume", findings)
    for volume_path, volume in volumes:
        _check_volume(volume, volume_path, findings)
    mountable = {str(volume.get("name")) for _, volume in volumes} | (claims or set())
    known = not _partly_unknown(pod.get("volumes"))
    containers = findings.items(pod, "containers", path)
    if pod.get("containers") in (None, []):
        findings.add((*path, "containers"), "is empty; a pod needs at least one container")
    every = containers + findings.items(pod, "initContainers", path)
    check_unique("name", every, "container", findings)
    for container_path, container in every:
        check_container(container, container_path, mountable if known else None, findings)


def _check_volume(volume: dict[str, Any], path: Path, findings: Findings) -> None:
    name = volume.get("name")
    if name is None:
        findings.add((*path, "name"), "is missing; every volume needs a name")
    elif isinstance(name, str) and (reason := names.not_a_label(name)):
        findings.add((*path, "name"), reason)
    sources = sorted(key for key, value in volume.items() if key != "name" and value is not None)
    if len(sources) > 1:
        findings.add(path, f"has several sources ({', '.join(sources)}); a volume has one")
    size = findings.mapping(volume, "emptyDir", path).get("sizeLimit")
    if size is not None:
        check_quantity(size, (*path, "emptyDir", "sizeLimit"), findings)


def _partly_unknown(value: Plain) -> bool:
    if isinstance(value, list):
        return any(isinstance(item, Unknown) or _name_is_unknown(item) for item in value)
    return isinstance(value, Unknown)


def _name_is_unknown(item: Plain) -> bool:
    return isinstance(item, dict) and isinstance(item.get("name"), Unknown)
