from __future__ import annotations

import json
from typing import Any

import pytest
from floe_cube_policies.public_buckets import NO_PUBLIC_BUCKETS

from tests.policies.judging import UNKNOWN, judge_stack, resource

BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
CLOSED = {
    "blockPublicAcls": True,
    "blockPublicPolicy": True,
    "ignorePublicAcls": True,
    "restrictPublicBuckets": True,
}


def policy_of(principal: object, effect: str = "Allow") -> dict[str, Any]:
    return {"policy": json.dumps({"Statement": [{"Effect": effect, "Principal": principal, "Action": "s3:*"}]})}


def test_a_bucket_without_its_block_is_refused() -> None:
    ((name, message),) = judge_stack(NO_PUBLIC_BUCKETS, [resource(BUCKET, {"bucket": "tables"}, "tables")])

    assert name == "tables"
    assert "no BucketPublicAccessBlock" in message


def test_a_block_is_known_by_the_bucket_that_it_was_told_or_names() -> None:
    unnamed = resource(BUCKET, {"bucket": UNKNOWN}, "unnamed")
    named = resource(BUCKET, {"bucket": "tables"}, "named")
    blocks = [
        resource(BLOCK, {"bucket": UNKNOWN, **CLOSED}, "a", bucket=unnamed),
        resource(BLOCK, {"bucket": "tables", **CLOSED}, "b"),
    ]

    assert judge_stack(NO_PUBLIC_BUCKETS, [unnamed, named, *blocks]) == []
    assert [name for name, _ in judge_stack(NO_PUBLIC_BUCKETS, [unnamed, named, blocks[1]])] == ["unnamed"]


@pytest.mark.parametrize("way", sorted(CLOSED))
def test_a_block_closes_all_four_ways(way: str) -> None:
    bucket = resource(BUCKET, {"bucket": "tables"}, "tables")
    block = resource(BLOCK, {**CLOSED, "bucket": "tables", way: False}, "block")
    ((name, message),) = judge_stack(NO_PUBLIC_BUCKETS, [bucket, block])

    assert name == "block"
    assert f"set {way} to true" in message


@pytest.mark.parametrize("acl", ["public-read", "public-read-write", "authenticated-read"])
def test_an_acl_that_lets_others_in_is_refused(acl: str) -> None:
    ((name, message),) = judge_stack(NO_PUBLIC_BUCKETS, [resource("aws:s3/bucketAcl:BucketAcl", {"acl": acl}, "acl")])

    assert (name, "ACL" in message) == ("acl", True)


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["arn:aws:iam::1:root", "*"]}])
def test_a_policy_that_lets_everyone_in_is_refused(principal: object) -> None:
    ((name, message),) = judge_stack(NO_PUBLIC_BUCKETS, [resource(POLICY, policy_of(principal), "policy")])

    assert (name, "allows something to everyone" in message) == ("policy", True)


@pytest.mark.parametrize(
    "properties", [policy_of("*", "Deny"), policy_of({"AWS": "arn:aws:iam::1:root"}), {"policy": UNKNOWN}]
)
def test_other_policies_are_allowed(properties: dict[str, Any]) -> None:
    assert judge_stack(NO_PUBLIC_BUCKETS, [resource(POLICY, properties)]) == []
