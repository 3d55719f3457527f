"""Cube Store has one router: a second one overwrites what the first knows of all tables, and both lose it."""

from __future__ import annotations

from collections import defaultdict

from pulumi_policy import PolicyResource, ReportViolation, StackValidationArgs, StackValidationPolicy

from floe_cube_policies.autoscalers import most_pods
from floe_cube_policies.pods import Properties, all_containers, kind_of


def _validate(args: StackValidationArgs, report: ReportViolation) -> None:
    # A namespace has one Cube Store, whatever its pods are called.
    routers: dict[str, list[PolicyResource]] = defaultdict(list)
    for resource in args.resources:
        if any(_is_router(container) for container in all_containers(resource.resource_type, resource.props)):
            routers[_namespace(resource)].append(resource)
    for namespace, found in routers.items():
        for router in found:
            pods = most_pods(router, args.resources)
            if pods > 1:
                report(
                    f"There can be {pods} routers of one Cube Store; set its replicas to 1, without autoscaler.",
                    router.urn,
                )
            if kind_of(router.resource_type) != "StatefulSet":
                report(
                    "A router of Cube Store outside a StatefulSet: a new pod starts before the old one has ended, and "
                    "there are two.",
                    router.urn,
                )
        if len(found) > 1:
            names = ", ".join(sorted(router.name for router in found))
            report(f"The namespace {namespace} has {len(found)} routers of Cube Store ({names}); have one.", None)


def _is_router(container: Properties) -> bool:
    """A node of Cube Store that asks no other: workers have the router's address."""
    names = {str(each.get("name")) for each in container.get("env") or ()}
    return "CUBESTORE_META_ADDR" not in names and any(name.startswith("CUBESTORE_") for name in names)


def _namespace(resource: PolicyResource) -> str:
    return str((resource.props.get("metadata") or {}).get("namespace") or "default")


SINGLE_ROUTER = StackValidationPolicy(
    name="single-router",
    description="A namespace has one Cube Store, and that has exactly one router.",
    validate=_validate,
)
