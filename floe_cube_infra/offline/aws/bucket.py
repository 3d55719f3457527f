"""A bucket of S3. Its settings are resources of their own.

https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from floe_cube_infra.offline.aws.clients import Clients
from floe_cube_infra.offline.aws.refusals import refused
from floe_cube_infra.offline.errors import ProviderError
from floe_cube_infra.offline.kinds import Kind, Plains

# The region that S3 wants no word of.
_FIRST_REGION = "us-east-1"


class Bucket(Kind):
    """`aws.s3.Bucket`."""

    takes = frozenset({"bucket", "region", "tags", "forceDestroy"})
    fixed = frozenset({"bucket", "region"})
    told_later = ("arn", "bucketDomainName", "bucketRegionalDomainName", "tagsAll")

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def problems(self, inputs: Plains) -> Iterator[str]:
        """A bucket without a name."""
        if not inputs.get("bucket"):
            yield "bucket: give the name; only the official plugin makes one up"

    def create(self, inputs: Plains) -> str:
        """Creates it, and refuses one that is there already: S3 itself doesn't everywhere."""
        name, region = str(inputs["bucket"]), inputs.get("region") or self._clients.region
        s3 = self._clients.of("s3", region)
        if self._exists(s3, name):
            raise ProviderError(f"The bucket {name} is there already (BucketAlreadyExists).")
        where = {} if region == _FIRST_REGION else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=name, **where)
        self._tag(s3, name, inputs.get("tags") or {})
        return name

    def read(self, identifier: str, state: Plains) -> Plains | None:
        """The bucket as it is."""
        s3 = self._clients.of("s3", state.get("region"))
        if not self._exists(s3, identifier):
            return None
        region = s3.get_bucket_location(Bucket=identifier).get("LocationConstraint") or _FIRST_REGION
        try:
            tags = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=identifier)["TagSet"]}
        except Exception as error:
            if not refused(error, "NoSuchTagSet"):
                raise
            tags = {}
        return {
            "bucket": identifier,
            "region": region,
            "tags": tags or None,
            "tagsAll": tags,
            "forceDestroy": state.get("forceDestroy", False),
            "arn": f"arn:aws:s3:::{identifier}",
            "bucketDomainName": f"{identifier}.s3.amazonaws.com",
            "bucketRegionalDomainName": f"{identifier}.s3.{region}.amazonaws.com",
        }

    def update(self, identifier: str, inputs: Plains) -> None:
        """Sets its tags."""
        self._tag(self._clients.of("s3", inputs.get("region")), identifier, inputs.get("tags") or {})

    def delete(self, identifier: str, state: Plains) -> None:
        """Deletes it; S3 refuses while there is anything in it, so with `forceDestroy` that goes first."""
        s3 = self._clients.of("s3", state.get("region"))
        try:
            if state.get("forceDestroy"):
                self._empty(s3, identifier)
            s3.delete_bucket(Bucket=identifier)
        except Exception as error:
            if not refused(error, "NoSuchBucket"):
                raise

    def _empty(self, s3: Any, name: str) -> None:  # noqa: ANN401
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
            found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            if found:
                objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
                s3.delete_objects(Bucket=name, Delete={"Objects": objects, "Quiet": True})

    def _exists(self, s3: Any, name: str) -> bool:  # noqa: ANN401
        try:
            s3.head_bucket(Bucket=name)
        except Exception as error:
            if not refused(error, "404", "NoSuchBucket"):
                raise
            return False
        return True

    def _tag(self, s3: Any, name: str, tags: dict[str, str]) -> None:  # noqa: ANN401
        if tags:
            s3.put_bucket_tagging(
                Bucket=name, Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in sorted(tags.items())]}
            )
        else:
            s3.delete_bucket_tagging(Bucket=name)
