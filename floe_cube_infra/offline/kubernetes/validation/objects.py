"""Puts the rules together: every problem of one object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from floe_cube_infra.offline.kubernetes.objects import ObjectType, type_of
from floe_cube_infra.offline.kubernetes.validation.data import check_config_map, check_secret
from floe_cube_infra.offline.kubernetes.validation.findings import Findings, Problem, kind_of
from floe_cube_infra.offline.kubernetes.validation.metadata import check_metadata
from floe_cube_infra.offline.kubernetes.validation.services import check_service
from floe_cube_infra.offline.kubernetes.validation.top_level_fields import check_top_level_fields
from floe_cube_infra.offline.kubernetes.validation.workloads import check_cron_job, check_pod, check_workload
from floe_cube_infra.offline.wire import Properties, Unknown, plain, without_secrets

_Rule = Callable[[dict[str, Any], ObjectType, Findings], None]
_RULES: Final[dict[tuple[str, str], _Rule]] = {
    ("", "ConfigMap"): check_config_map,
    ("", "Pod"): check_pod,
    ("", "Service"): check_service,
    ("apps", "DaemonSet"): check_workload,
    ("apps", "Deployment"): check_workload,
    ("apps", "ReplicaSet"): check_workload,
    ("apps", "StatefulSet"): check_workload,
    ("batch", "CronJob"): check_cron_job,
    ("batch", "Job"): check_workload,
}


def problems_of(properties: Properties) -> list[Problem]:
    """Gives everything that Kubernetes would refuse in an object.

    What is secret or not known yet is left out, so that no sentence can quote a secret value; the data of a
    Secret is read, by rules that quote no value.
    """
    manifest = without_secrets(properties)
    kind = type_of(manifest)
    findings = Findings()
    for key in ("apiVersion", "kind"):
        value = manifest.get(key)
        if value is None or value == "":
            findings.add((key,), f"is missing; every object needs it, such as {_EXAMPLES[key]}")
        elif not isinstance(value, str | Unknown):
            findings.add((key,), f"must be a string, but is {kind_of(value)}")
    check_metadata(manifest, kind, findings)
    check_top_level_fields(manifest, kind, findings)
    if kind.is_secret:
        check_secret(plain(properties), kind, findings)
    elif rule := _RULES.get((kind.group, kind.kind)):
        rule(manifest, kind, findings)
    return findings.problems


_EXAMPLES: Final = {"apiVersion": "apps/v1", "kind": "Deployment"}
