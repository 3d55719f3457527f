"""An image without a version is another one tomorrow: a pod that restarts runs what nobody has tried."""

from __future__ import annotations

import re

from pulumi_policy import ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

from floe_cube_policies.pods import all_containers


def _validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
    for container in all_containers(args.resource_type, args.props):
        image = str(container.get("image") or "")
        if moves(image):
            report(
                f"The container {container.get('name')} runs {image or 'no image'}, which is another image tomorrow; "
                "name a version or, better, a digest.",
                None,
            )


def moves(image: str) -> bool:
    """Whether a reference has no tag, or one such as `latest`, and no digest that would settle it."""
    name, _, digest = image.partition("@")
    # What comes before the last slash may have a colon, too: a registry's port.
    _, _, tag = name.rpartition("/")[2].partition(":")
    return not digest and (not tag or "latest" in re.split(r"[-._]", tag))


NO_MOVING_IMAGES = ResourceValidationPolicy(
    name="no-moving-images",
    description="Every container's image has a digest, or a tag other than latest.",
    validate=_validate,
)
