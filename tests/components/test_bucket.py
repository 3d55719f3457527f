"""Cube Store's bucket from settings and artifacts, as it is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.components.bucket_policies import tls_only, trust_in_accounts, use_of_bucket
from floe_cube_infra.components.composition.kept_data import KeptData
from floe_cube_infra.errors import SettingsError
from floe_cube_infra.project_inputs import read_artifacts
from tests.components.recording import CLONE, Recorded, layer_of, pod_of, record, shop, variables_of

OIDC = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"
NAMED = {"enabled": True, "s3_bucket": "tables", "s3_region": "eu-central-1"}
MINIO = {
    **NAMED,
    "s3_endpoint": "https://minio.example.com",
    "s3_access_key_ref": "minio",
    "s3_secret_key_ref": "minio",
}


def layer(folder: Path, bucket: dict[str, Any], *, environment: str = "dev", artifacts: Any = NAMED) -> Recorded:
    return layer_of(shop({"environment": environment, "bucket": bucket}, folder, cube_store=artifacts))


def on_aws(recorded: Recorded) -> list[str]:
    return sorted(token.rpartition(":")[2] for token in recorded.types if token.startswith("aws:"))


def test_a_bucket_comes_with_all_that_guards_it(tmp_path: Path) -> None:
    assert on_aws(layer(tmp_path, {"oidcProvider": OIDC})) == [
        "Bucket",
        "BucketLifecycleConfiguration",
        "BucketOwnershipControls",
        "BucketPolicy",
        "BucketPublicAccessBlock",
        "BucketServerSideEncryptionConfiguration",
        "BucketVersioning",
        "Role",
        "RolePolicy",
    ]


def test_only_a_bucket_of_amazon_s3_is_made_and_none_in_a_local_stack(tmp_path: Path) -> None:
    assert on_aws(layer(tmp_path, {}, artifacts=MINIO)) == []
    assert on_aws(layer(tmp_path, {"manage": "reference"})) == []
    assert on_aws(layer(tmp_path, {}, environment="local")) == []


def test_settings_go_before_the_artifacts(tmp_path: Path) -> None:
    keys = {"accessKeySecret": "own", "secretKeySecret": "own"}
    settings = {"manage": "reference", "name": "other", "region": "us-east-1", "subPath": "cube", **keys}
    objects = layer(tmp_path, settings).objects
    (router,) = pod_of(objects, "StatefulSet/cube-store-router")["containers"]
    variables = variables_of(router)
    assert variables["CUBESTORE_S3_BUCKET"] == "other"
    assert variables["CUBESTORE_S3_REGION"] == "us-east-1"
    assert variables["CUBESTORE_S3_SUB_PATH"] == "cube"
    assert variables["CUBESTORE_AWS_ACCESS_KEY_ID"]["secretKeyRef"]["name"] == "own"


@pytest.mark.parametrize(
    ("bucket", "artifacts", "problem"),
    [
        ({"oidcProvider": OIDC, "role": "arn:aws:iam::123456789012:role/x"}, NAMED, "role and oidcProvider are both"),
        ({"accessKeySecret": "keys"}, NAMED, "without the other"),
        ({"endpoint": "https://minio", "manage": "create"}, NAMED, "only Amazon S3's are managed"),
        ({"manage": "adopt"}, MINIO, "only buckets of Amazon S3 are managed"),
        ({"oidcProvider": OIDC}, {**NAMED, "s3_endpoint": "https://minio"}, "knows no roles, so give both keys"),
        ({}, {"enabled": True}, "Cube Store has no bucket"),
        ({"name": "tables"}, {"enabled": True}, "without its region"),
    ],
)
def test_contradictions_are_errors(tmp_path: Path, bucket: dict[str, Any], artifacts: Any, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        layer(tmp_path, bucket, artifacts=artifacts)


def test_only_one_account_of_one_cluster_may_take_the_role_on() -> None:
    (statement,) = json.loads(trust_in_accounts(OIDC, "analytics", ["cube-store"]))["Statement"]
    conditions = statement["Condition"]["StringEquals"]
    assert set(conditions.values()) == {"sts.amazonaws.com", "system:serviceaccount:analytics:cube-store"}
    assert list(statement["Condition"]) == ["StringEquals"]


def test_a_role_may_use_its_folder_only() -> None:
    listing, objects = json.loads(use_of_bucket("tables", "aws-cn", sub_path="cube", kms_key=None))["Statement"]
    assert listing["Condition"] == {"StringLike": {"s3:prefix": ["cube/*"]}}
    assert objects["Resource"] == "arn:aws-cn:s3:::tables/cube/*"


def test_what_does_not_come_over_tls_is_denied_to_everybody() -> None:
    (statement,) = json.loads(tls_only("tables", "aws"))["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        pytest.param({"bucket": {"name": "kept", "region": "eu-central-1"}}, True, id="one that the stack made"),
        pytest.param({}, False, id="none named"),
        pytest.param({"bucket": {"name": "kept"}}, False, id="no region, so none was ever made"),
        pytest.param(
            {"bucket": {"name": "kept", "region": "eu-central-1", "manage": "reference"}}, False, id="another's"
        ),
        pytest.param(
            {"bucket": {"name": "kept", "region": "eu-central-1"}, "protectData": False}, False, id="unguarded"
        ),
        pytest.param({"cubeStore": {"storage": "volume", "workers": 0}}, False, id="a volume"),
    ],
)
def test_a_stack_that_is_switched_off_keeps_the_bucket_that_it_guards(
    tmp_path: Path, settings: dict[str, Any], kept: bool
) -> None:
    stack = shop({"environment": "prod", **settings}, tmp_path)
    _, artifacts = read_artifacts(stack, CLONE)
    recorded = record(lambda: KeptData("cube", stack, artifacts), outputs={"managedBuckets": ["kept"]})
    assert ("Bucket" in on_aws(recorded)) is kept


@pytest.mark.parametrize("outputs", [{}, {"managedBuckets": []}, {"managedBuckets": ["another"]}])
def test_a_stack_that_never_had_its_bucket_does_not_make_it_when_it_is_switched_off(
    tmp_path: Path, outputs: dict[str, Any]
) -> None:
    stack = shop({"environment": "prod", "bucket": {"name": "later", "region": "eu-central-1"}}, tmp_path)
    _, artifacts = read_artifacts(stack, CLONE)
    assert on_aws(record(lambda: KeptData("cube", stack, artifacts), outputs=outputs)) == []
