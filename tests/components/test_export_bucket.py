"""The bucket that the warehouse unloads into, as it is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.components.bucket_policies import trust_in_accounts, use_of_bucket
from floe_cube_infra.errors import SettingsError
from tests.components.recording import Objects, Recorded, layer_of, shop
from tests.components.test_network_policies import ends, policy

OIDC = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"
S3 = {
    "enabled": True,
    "bucket_type": "s3",
    "name": "unloaded",
    "region": "eu-central-1",
    "integration": "EXPORTS",
}
TABLES = {"enabled": True, "s3_bucket": "tables", "s3_region": "eu-central-1"}
ANYWHERE = {("0.0.0.0/0", 443), ("::/0", 443)}


def layer(folder: Path, exported: dict[str, Any], *, database: str = "snowflake", **settings: Any) -> Recorded:
    """A stack whose warehouse unloads into a bucket, and whose Cube Store's own bucket is there already."""
    given = {
        "bucket": {"manage": "reference"},
        "models": {"include": ["access:public"], "allowAdapterMismatch": True},
        **settings,
    }
    stack = shop(given, folder, cube_store=TABLES, export_bucket=exported)
    path = folder / "compiled_artifacts.json"
    artifacts = json.loads(path.read_text())
    artifacts["consumption"]["database_type"] = database
    path.write_text(json.dumps(artifacts))
    return layer_of(stack)


def on_aws(recorded: Recorded) -> list[str]:
    return sorted(token.rpartition(":")[2] for token in recorded.types if token.startswith("aws:"))


def roles(objects: Objects) -> dict[str, str]:
    """The role that each account takes on."""
    annotated = {
        name.partition("/")[2]: thing["metadata"].get("annotations", {}).get("eks.amazonaws.com/role-arn")
        for name, thing in objects.items()
        if name.startswith("ServiceAccount/")
    }
    return {name: role for name, role in annotated.items() if role is not None}


def test_one_that_is_there_is_left_alone(tmp_path: Path) -> None:
    assert on_aws(layer(tmp_path, S3)) == []


def test_one_is_made_as_safe_as_cube_stores_own(tmp_path: Path) -> None:
    assert on_aws(layer(tmp_path, S3, exportBucket={"manage": "create"})) == [
        "Bucket",
        "BucketLifecycleConfiguration",
        "BucketOwnershipControls",
        "BucketPolicy",
        "BucketPublicAccessBlock",
        "BucketServerSideEncryptionConfiguration",
        "BucketVersioning",
    ]


def test_it_is_not_made_where_nobody_unloads(tmp_path: Path) -> None:
    assert on_aws(layer(tmp_path, {**S3, "enabled": False}, exportBucket={"manage": "create"})) == []


@pytest.mark.parametrize(
    ("keys", "has_role"), [({}, True), ({"access_key_ref": "keys", "secret_key_ref": "keys"}, False)]
)
def test_cube_reads_it_with_a_role_unless_it_has_keys(tmp_path: Path, keys: dict[str, str], *, has_role: bool) -> None:
    recorded = layer(tmp_path, {**S3, **keys}, bucket={"manage": "reference", "oidcProvider": OIDC})
    # Cube Store has a role of its own.
    assert on_aws(recorded).count("Role") == 1 + has_role
    accounts = {"cube-api", "cube-refresh-worker"} if has_role else set()
    assert roles(recorded.objects).keys() - {"cube-store"} == accounts


def test_the_role_reaches_no_further_than_the_folder_that_is_unloaded_into(tmp_path: Path) -> None:
    bucket = {"manage": "reference", "oidcProvider": OIDC}
    recorded = layer(tmp_path, {**S3, "name": "s3://unloaded/of/cube"}, bucket=bucket)
    policies = [json.loads(policy) for policy in recorded.role_policies]
    (reading,) = [each for each in policies if "s3:PutObject" not in each["Statement"][1]["Action"]]
    assert [each["Resource"] for each in reading["Statement"]] == [
        "arn:aws:s3:::unloaded",
        "arn:aws:s3:::unloaded/of/cube/*",
    ]


def test_the_role_may_be_taken_on_by_cubes_accounts_only_and_read_only() -> None:
    (trust,) = json.loads(trust_in_accounts(OIDC, "analytics", ["cube-api", "cube-refresh-worker"]))["Statement"]
    subjects = next(value for key, value in trust["Condition"]["StringEquals"].items() if key.endswith(":sub"))
    assert subjects == [
        "system:serviceaccount:analytics:cube-api",
        "system:serviceaccount:analytics:cube-refresh-worker",
    ]
    use = json.loads(use_of_bucket("unloaded", "aws", sub_path=None, kms_key="arn:key", writes=False))["Statement"]
    actions = {statement["Sid"]: statement["Action"] for statement in use}
    assert actions == {"List": "s3:ListBucket", "Objects": ["s3:GetObject"], "Key": ["kms:Decrypt"]}


def test_each_organizations_sql_api_reads_it_too(tmp_path: Path) -> None:
    recorded = layer(
        tmp_path,
        S3,
        bucket={"manage": "reference", "oidcProvider": OIDC},
        api={"sqlApi": "perOrganization"},
        sql={"organizations": ["acme"]},
    )
    accounts = {name.partition("/")[2] for name in recorded.objects if name.startswith("ServiceAccount/cube-sql-")}
    assert len(accounts) == 1
    assert accounts <= roles(recorded.objects).keys()


@pytest.mark.parametrize(
    ("bucket", "database"),
    [(S3, "snowflake"), ({"enabled": True, "bucket_type": "gcs", "name": "unloaded"}, "bigquery")],
)
def test_cube_and_cube_store_may_ask_for_what_was_unloaded(
    tmp_path: Path, bucket: dict[str, Any], database: str
) -> None:
    on_volume = {"storage": "volume", "workers": 0}
    objects = layer(tmp_path, bucket, database=database, cubeStore=on_volume).objects
    for name in ("allow-api", "allow-refresh-worker", "allow-store-router"):
        assert ends(policy(objects, name)["egress"], "to") >= ANYWHERE, name
        rules = policy(objects, name)["egress"]
        assert [rule for rule in rules if rules.count(rule) > 1] == []


def test_cube_store_on_a_volume_asks_nobody_outside_where_nothing_is_unloaded(tmp_path: Path) -> None:
    objects = layer(tmp_path, {"enabled": False}, cubeStore={"storage": "volume", "workers": 0}).objects
    assert policy(objects, "allow-store-router")["egress"] == []


@pytest.mark.parametrize(
    ("bucket", "database", "problem"),
    [
        ({"enabled": True, "bucket_type": "gcs", "name": "unloaded"}, "bigquery", "only buckets of Amazon S3 are made"),
        ({**S3, "name": "s3://unloaded/folder"}, "databricks", "without scheme and folder"),
        ({**S3, "region": None}, "snowflake", "and its region"),
        ({**S3, "name": "tables"}, "snowflake", "which is Cube Store's bucket"),
        ({**S3, "name": None}, "snowflake", "enabled is true with the bucket_type 's3' and the name None"),
        ({**S3, "name": "ada:pw@unloaded"}, "snowflake", "the name the value given"),
    ],
)
def test_what_can_not_be_made_is_refused(tmp_path: Path, bucket: dict[str, Any], database: str, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        layer(tmp_path, bucket, database=database, exportBucket={"manage": "create"})
