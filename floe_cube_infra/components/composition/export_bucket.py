"""The bucket that the warehouse unloads into, from settings and artifacts: what of it the stack makes."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from floe_cube_infra.components.composition.cube_pods import cube_pods
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.render.environment import ExportBucketSource


@dataclass(frozen=True, kw_only=True)
class MadeExportBucket:
    """What the stack made of it.

    Attributes:
        bucket: The bucket's name, known once it is made; None where it was there.
        role_arn: The role with which Cube's accounts read what was unloaded; None where they have none.
    """

    bucket: pulumi.Input[str] | None = None
    role_arn: pulumi.Input[str] | None = None


def export_bucket(
    name: str, settings: Settings, given: ExportBucketSource | None, opts: pulumi.ResourceOptions
) -> MadeExportBucket:
    """Makes what is to be made: the bucket, and a role where nobody has keys.

    Args:
        name: The layer's name.
        settings: The stack's settings.
        given: The bucket that the artifacts name, if they do; that it can be used was checked with the inputs.
        opts: The options of what is made.
    """
    if given is None or given.kind != "s3":
        return MadeExportBucket()
    is_made = settings.export_bucket.manage != "reference"
    has_role = settings.bucket.oidc_provider is not None and given.access_key is None
    if not is_made and not has_role:
        return MadeExportBucket()
    # Only now: a stack without anything on AWS doesn't wait for its SDK.
    from floe_cube_infra.components.composition.aws import aws_export_bucket, aws_export_role  # noqa: PLC0415

    accounts = [f"{name}-{pod.name}" for pod in cube_pods(settings)]
    made = f"{name}-export"
    return MadeExportBucket(
        bucket=aws_export_bucket(made, settings, given.name, str(given.region), opts=opts) if is_made else None,
        role_arn=aws_export_role(made, settings, given, accounts, opts=opts) if has_role else None,
    )
