"""The bucket that the warehouse unloads into."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from floe_cube_infra.inputs.settings.bucket import KmsKeyArn
from floe_cube_infra.inputs.settings.section import Section


class ExportBucketSettings(Section):
    """The bucket through which the warehouse unloads large pre-aggregations, where the artifacts name one.

    Attributes:
        manage: `reference` one that is there, or `create` one on Amazon S3. Tags, where accesses are logged, and the
            OIDC provider and boundary of the role are those of `bucket`.
        kms_key: The ARN of the key that it is encrypted with; by default S3's own keys.
        keep_days: Days until an unloaded file is gone; Cube Store takes each one at once.
    """

    manage: Literal["create", "reference"] = "reference"
    kms_key: KmsKeyArn | None = None
    keep_days: Annotated[int, Field(ge=1, le=365)] = 1
