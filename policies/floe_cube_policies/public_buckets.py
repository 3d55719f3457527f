"""Pre-aggregations are rows of the warehouse: their bucket is nobody's but the stack's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from pulumi_policy import PolicyResource, ReportViolation, StackValidationArgs, StackValidationPolicy
from pulumi_policy.proxy import UnknownValueError

from floe_cube_policies.pods import Properties

_BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
_BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_ACLS: Final = (*_BUCKETS, "aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2")
_POLICIES: Final = ("aws:s3/bucketPolicy:BucketPolicy", *_BUCKETS)
_WAYS: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _validate(args: StackValidationArgs, report: ReportViolation) -> None:
    blocked = {bucket.urn for each in args.resources for bucket in _blocked_by(each, args.resources)}
    for resource in args.resources:
        if resource.resource_type in _BUCKETS and resource.urn not in blocked:
            report(
                "The bucket has no BucketPublicAccessBlock, and one wrong policy would open it; add one.", resource.urn
            )
        for problem in _problems(resource):
            report(problem, resource.urn)


def _blocked_by(block: PolicyResource, resources: list[PolicyResource]) -> Iterator[PolicyResource]:
    """The buckets that a block is for: those it was told by reference, and those it names."""
    if block.resource_type == _BLOCK:
        yield from block.property_dependencies.get("bucket", ())
        name = _known(block.props, "bucket")
        for each in resources:
            if each.resource_type in _BUCKETS and name is not None and _known(each.props, "bucket") == name:
                yield each


def _problems(resource: PolicyResource) -> Iterator[str]:
    properties = resource.props
    if resource.resource_type == _BLOCK:
        missing = [way for way in _WAYS if _known(properties, way) is not True]
        if missing:
            yield f"The bucket isn't closed to the public in all four ways; set {', '.join(missing)} to true."
    if resource.resource_type in _ACLS and str(_known(properties, "acl")).startswith(("public-", "authenticated-read")):
        yield "The bucket's ACL lets in others than its account; take it out."
    if resource.resource_type in _POLICIES and _lets_anyone_in(_known(properties, "policy")):
        yield "The bucket's policy allows something to everyone; name who may."


def _lets_anyone_in(policy: object) -> bool:
    try:
        document = json.loads(policy) if isinstance(policy, str) else policy
    except ValueError:
        return False
    statements = document.get("Statement", []) if isinstance(document, dict) else []
    return any(
        statement.get("Effect") == "Allow" and _is_everyone(statement.get("Principal"))
        for statement in ([statements] if isinstance(statements, dict) else statements)
    )


def _is_everyone(principal: object) -> bool:
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    return "*" in (named if isinstance(named, list) else [named])


def _known(properties: Properties, key: str) -> Any:  # noqa: ANN401 - any property
    """A property; None while a preview can't know it."""
    try:
        return properties.get(key)
    except UnknownValueError:
        return None


NO_PUBLIC_BUCKETS = StackValidationPolicy(
    name="no-public-buckets",
    description="Every bucket is closed to the public in all four ways, and neither ACL nor policy opens it.",
    validate=_validate,
)
