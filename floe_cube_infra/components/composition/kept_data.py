"""What stays of a stack that its artifacts switch off: the bucket, still guarded, in its old place of the tree."""

from __future__ import annotations

import pulumi

from floe_cube_infra.components.composition.object_storage import keeps_bucket, managed, wanted_storage
from floe_cube_infra.components.consumption_layer import TYPE
from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts
from floe_cube_infra.inputs.settings import Settings


class KeptData(pulumi.ComponentResource):
    """A consumption layer of nothing but its bucket; its type and name have to be the layer's.

    Pulumi refuses to drop a protected bucket, and a bucket that it forgot couldn't be made again under its name.
    """

    def __init__(
        self, name: str, settings: Settings, artifacts: CompiledArtifacts, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(TYPE, name, None, opts)
        if keeps_bucket(settings, artifacts):
            # Only now: a stack without anything on AWS doesn't wait for its SDK.
            from floe_cube_infra.components.bucket import Bucket  # noqa: PLC0415
            from floe_cube_infra.components.composition.aws import bucket_args  # noqa: PLC0415

            wanted = wanted_storage(settings, artifacts)
            adopts = managed(settings, wanted) == "adopt"
            args = bucket_args(settings, str(wanted.bucket), str(wanted.region), adopts=adopts)
            Bucket(f"{name}-store", args, opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({})
