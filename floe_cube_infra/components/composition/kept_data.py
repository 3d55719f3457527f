"""What stays of a stack that its artifacts switch off: buckets, still guarded, in their old place of the tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pulumi

from floe_cube_infra.components.composition.object_storage import managed, manages_bucket, wanted_storage
from floe_cube_infra.components.consumption_layer import TYPE
from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts
from floe_cube_infra.inputs.settings import Settings

MANAGED_BUCKETS: Final = "managedBuckets"
"""The output with the names of the buckets that the stack made or adopted."""


class KeptData(pulumi.ComponentResource):
    """A consumption layer of nothing but its bucket; its type and name have to be the layer's.

    Pulumi refuses to drop a protected bucket, and a bucket that it forgot couldn't be made again under its name. Only
    the stack's own outputs of before tell whether there ever was one: settings may name a bucket for later.

    Attributes:
        buckets: The names of the buckets that stay; None where the settings leave none to keep.
    """

    buckets: pulumi.Output[list[str]] | None

    def __init__(
        self, name: str, settings: Settings, artifacts: CompiledArtifacts, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(TYPE, name, None, opts)
        self._name, self._settings, self._artifacts = name, settings, artifacts
        if settings.data_is_protected and manages_bucket(settings, artifacts):
            self.buckets = _managed_before().apply(self._keep)
        else:
            self.buckets = None
        self.register_outputs({"buckets": self.buckets})

    def _keep(self, before: Sequence[str]) -> list[str]:
        # Only now: a stack without anything on AWS doesn't wait for its SDK.
        from floe_cube_infra.components.bucket import Bucket  # noqa: PLC0415
        from floe_cube_infra.components.composition.aws import bucket_args  # noqa: PLC0415

        wanted = wanted_storage(self._settings, self._artifacts)
        bucket, region = str(wanted.bucket), str(wanted.region)
        if bucket not in before:
            return []
        adopts = managed(self._settings, wanted) == "adopt"
        args = bucket_args(self._settings, bucket, region, adopts=adopts)
        Bucket(f"{self._name}-store", args, opts=pulumi.ResourceOptions(parent=self))
        return [bucket]


def _managed_before() -> pulumi.Output[list[str]]:
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    return pulumi.StackReference(stack).get_output(MANAGED_BUCKETS).apply(lambda names: list(names or []))
