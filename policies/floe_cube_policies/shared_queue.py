"""With the queue in each pod's memory, two pods ask the warehouse twice and keep caches that contradict each other."""

from __future__ import annotations

from pulumi_policy import ReportViolation, StackValidationArgs, StackValidationPolicy

from floe_cube_policies.autoscalers import most_pods
from floe_cube_policies.pods import all_containers, kind_of, variable


def _validate(args: StackValidationArgs, report: ReportViolation) -> None:
    for resource in args.resources:
        if kind_of(resource.resource_type) not in ("Deployment", "StatefulSet"):
            continue
        drivers = [
            variable(container, "CUBEJS_CACHE_AND_QUEUE_DRIVER")
            for container in all_containers(resource.resource_type, resource.props)
        ]
        if any(driver is not None and driver.get("value") == "memory" for driver in drivers):
            pods = most_pods(resource, args.resources)
            if pods > 1:
                report(
                    f"There can be {pods} pods of Cube with cache and queue in the memory of each; let them share Cube "
                    "Store (cubeStore.enabled, or cubeStore.host), or have one pod (api.replicas: 1, no "
                    "api.maxReplicas).",
                    resource.urn,
                )


SHARED_QUEUE = StackValidationPolicy(
    name="shared-queue",
    description="More than one pod of the Cube API needs a cache and queue that they share: Cube Store.",
    validate=_validate,
)
