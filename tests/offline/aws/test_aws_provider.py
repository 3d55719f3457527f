"""The AWS provider over gRPC, without an engine; moto stands in for AWS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from floe_cube_infra.offline.aws.provider import AwsProvider
from floe_cube_infra.offline.engine_log import EngineLog
from floe_cube_infra.offline.server import Arguments, start
from floe_cube_infra.offline.wire import UNKNOWN, decode, encode
from tests.program import moto

Stub = provider_pb2_grpc.ResourceProviderStub

SETTINGS: dict[str, dict[str, Any]] = {
    "s3/bucketVersioning:BucketVersioning": {"versioningConfiguration": {"status": "Enabled"}},
    "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
        "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]
    },
    "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        "rules": [
            {
                "id": "old",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "noncurrentVersionExpiration": {"noncurrentDays": 7},
                "abortIncompleteMultipartUpload": {"daysAfterInitiation": 1},
            }
        ]
    },
    "s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {"blockPublicAcls": True, "restrictPublicBuckets": True},
    "s3/bucketPolicy:BucketPolicy": {"policy": json.dumps({"Version": "2012-10-17", "Statement": []})},
    "s3/bucketOwnershipControls:BucketOwnershipControls": {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
}
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
ROLE = {
    "name": "r",
    "assumeRolePolicy": json.dumps({"Version": "2012-10-17", "Statement": [TRUST]}),
    "tags": {"a": "b"},
}


@pytest.fixture(scope="module")
def aws() -> Iterator[moto.Aws]:
    with moto.running() as running:
        running.client("s3").create_bucket(
            Bucket="there", CreateBucketConfiguration={"LocationConstraint": moto.REGION}
        )
        yield running


@pytest.fixture(scope="module")
def provider(aws: moto.Aws) -> Iterator[Stub]:
    server, port = start(AwsProvider(EngineLog(), Arguments()))
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = Stub(channel)
        endpoints = json.dumps([{"s3": aws.url, "iam": aws.url, "sts": aws.url}])
        config = {"region": moto.REGION, "accessKey": "testing", "secretKey": "testing", "endpoints": endpoints}
        stub.Configure(provider_pb2.ConfigureRequest(args=encode(dict(config))))
        yield stub
    server.stop(None).wait()


def urn(token: str) -> str:
    return f"urn:pulumi:dev::shop::aws:{token}::thing"


def create(provider: Stub, token: str, inputs: dict[str, Any], *, preview: bool = False) -> tuple[str, dict[str, Any]]:
    made = provider.Create(provider_pb2.CreateRequest(urn=urn(token), properties=encode(inputs), preview=preview))
    return made.id, decode(made.properties)


def read(provider: Stub, token: str, identifier: str, state: Any, inputs: Any) -> tuple[str, dict[str, Any]]:
    found = provider.Read(
        provider_pb2.ReadRequest(urn=urn(token), id=identifier, properties=encode(state), inputs=encode(inputs))
    )
    return found.id, decode(found.inputs)


@pytest.mark.parametrize("token", SETTINGS)
def test_a_setting_reads_back_as_it_was_given_and_is_gone_once_deleted(provider: Stub, token: str) -> None:
    inputs = {"bucket": "there", "region": moto.REGION, **SETTINGS[token]}
    identifier, state = create(provider, token, inputs)
    assert identifier == "there"
    assert read(provider, token, identifier, state, inputs) == ("there", inputs)
    provider.Delete(provider_pb2.DeleteRequest(urn=urn(token), id=identifier, properties=encode(state)))
    if "Versioning" not in token:  # S3 can suspend it only
        assert read(provider, token, identifier, state, inputs)[0] == ""


def test_a_role_reads_back_as_it_was_given_and_can_be_changed(provider: Stub, aws: moto.Aws) -> None:
    token = "iam/role:Role"
    identifier, state = create(provider, token, dict(ROLE))
    assert str(state["arn"]).endswith(":role/r")
    assert read(provider, token, identifier, state, dict(ROLE)) == ("r", ROLE)
    news = {**ROLE, "tags": {"c": "d"}}
    request = provider_pb2.UpdateRequest(urn=urn(token), id="r", olds=encode(state), news=encode(dict(news)))
    provider.Update(request)
    assert aws.client("iam").list_role_tags(RoleName="r")["Tags"] == [{"Key": "c", "Value": "d"}]
    provider.Delete(provider_pb2.DeleteRequest(urn=urn(token), id="r", properties=encode(state)))
    assert read(provider, token, identifier, state, dict(ROLE))[0] == ""


def test_a_preview_makes_nothing_and_leaves_open_what_only_an_update_tells(provider: Stub, aws: moto.Aws) -> None:
    _, outputs = create(provider, "s3/bucket:Bucket", {"bucket": "planned"}, preview=True)
    assert outputs["arn"] is UNKNOWN
    assert "planned" not in [each["Name"] for each in aws.client("s3").list_buckets()["Buckets"]]


def test_a_new_name_is_a_new_bucket_and_new_tags_are_not(provider: Stub) -> None:
    old = {"bucket": "there", "tags": {"a": "b"}}
    for new, replaces in (({"bucket": "other", "tags": {"a": "b"}}, ["bucket"]), ({"bucket": "there", "tags": {}}, [])):
        request = provider_pb2.DiffRequest(urn=urn("s3/bucket:Bucket"), old_inputs=encode(dict(old)), news=encode(new))
        answer = provider.Diff(request)
        assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME
        assert list(answer.replaces) == replaces


def test_what_it_does_not_know_is_refused_by_name(provider: Stub) -> None:
    request = provider_pb2.CheckRequest(
        urn=urn("s3/bucket:Bucket"), news=encode({"bucket": "x", "accelerationStatus": "Enabled"})
    )
    (failure,) = provider.Check(request).failures
    assert failure.reason.startswith("accelerationStatus: ")
    with pytest.raises(grpc.RpcError, match="sqs/queue"):
        provider.Check(provider_pb2.CheckRequest(urn=urn("sqs/queue:Queue")))


def test_a_refusal_of_aws_is_a_sentence(provider: Stub) -> None:
    with pytest.raises(grpc.RpcError, match="is there already"):
        create(provider, "s3/bucket:Bucket", {"bucket": "there"})
    with pytest.raises(grpc.RpcError, match=r"AWS refused: .*NoSuchBucket"):
        create(
            provider,
            "s3/bucketVersioning:BucketVersioning",
            {"bucket": "gone", **SETTINGS["s3/bucketVersioning:BucketVersioning"]},
        )


def test_it_tells_who_asks(provider: Stub) -> None:
    answer = provider.Invoke(provider_pb2.InvokeRequest(tok="aws:index/getCallerIdentity:getCallerIdentity"))
    assert decode(getattr(answer, "return"))["accountId"] == "123456789012"
