"""Cube's developer mode switches authentication off: anyone may ask anything, and its playground signs any token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pulumi_policy import ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

from floe_cube_policies.environments import environment
from floe_cube_policies.pods import Properties, all_containers, kind_of, variable

_DEV_MODE: Final = "CUBEJS_DEV_MODE"


def _validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
    here = environment()
    if here == "local":
        return
    found = [*_in_config_map(args.props)] if kind_of(args.resource_type) == "ConfigMap" else []
    for container in all_containers(args.resource_type, args.props):
        found += [f"The container {container.get('name')} has {why}" for why in _in_container(container)]
    for what in found:
        report(
            f"{what}, and in Cube's developer mode nobody is asked for a token. That is allowed in the environment "
            f"local, not in {here}; set consumption.dev_mode to false in the artifacts.",
            None,
        )


def _in_config_map(properties: Properties) -> Iterator[str]:
    """A ConfigMap can be all of a container's variables (`envFrom`)."""
    if _is_on((properties.get("data") or {}).get(_DEV_MODE)):
        yield f"The ConfigMap has {_DEV_MODE} on"


def _in_container(container: Properties) -> Iterator[str]:
    dev_mode = variable(container, _DEV_MODE)
    if dev_mode is not None:
        if dev_mode.get("valueFrom") is not None:
            yield f"{_DEV_MODE} from somewhere that can't be looked at"
        elif _is_on(dev_mode.get("value")):
            yield f"{_DEV_MODE} on"
    # Cube takes every other word for development, too.
    node_environment = variable(container, "NODE_ENV")
    if node_environment is not None and node_environment.get("value") != "production":
        yield "NODE_ENV other than production"


def _is_on(value: object) -> bool:
    return str(value or "").lower() not in ("", "false")


NO_DEV_MODE = ResourceValidationPolicy(
    name="no-dev-mode",
    description="Cube's developer mode, which switches authentication off, is for the environment local only.",
    validate=_validate,
)
