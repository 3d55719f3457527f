"""A container without a limit takes the memory of all others on its node.

CPU has requests and, on purpose, no limits: idle CPU is anyone's, and a limit slows queries down for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from pulumi_policy import ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

from floe_cube_policies.pods import Properties, all_containers


def _validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
    for container in all_containers(args.resource_type, args.props):
        missing = list(_missing(container.get("resources") or {}))
        if missing:
            report(
                f"The container {container.get('name')} has no {' and no '.join(missing)}; give it what it needs, "
                "in resources.",
                None,
            )


def _missing(resources: Properties) -> Iterator[str]:
    requests, limits = resources.get("requests") or {}, resources.get("limits") or {}
    if "memory" not in limits:
        yield "memory limit"
    if "cpu" not in requests:
        yield "CPU request"
    # Kubernetes takes a limit for the request, where that is missing.
    if "memory" not in requests and "memory" not in limits:
        yield "memory request"


MEMORY_LIMITS = ResourceValidationPolicy(
    name="memory-limits",
    description="Every container has a memory limit, and requests for CPU and memory.",
    validate=_validate,
)
