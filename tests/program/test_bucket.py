"""Cube Store's bucket and its role on the real engine; moto stands in for AWS, offline providers for the plugins."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.program import moto
from tests.program.engine import Project
from tests.program.moto import Aws
from tools.policy_pack import PolicyPack

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("engine")]

OIDC = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with moto.running() as running:
        yield running


@pytest.fixture
def with_bucket(new_project: Callable[..., Project], aws: Aws, policy_pack: PolicyPack) -> Callable[..., Project]:
    """Makes a project of an environment whose Cube Store keeps its tables in a bucket, and that keeps the policies."""

    def make(environment: str, **bucket: Any) -> Project:
        project = new_project(environment).hold_to(policy_pack)
        project.variables.update(aws.variables)
        project.edit_settings(
            lambda settings: settings.update(
                kubernetes={"renderDirectory": f".floe/rendered/{environment}"},
                cubeStore={"workers": 1},
                bucket={"region": moto.REGION, **bucket},
            )
        )
        return project

    return make


def edit_bucket(project: Project, **changes: Any) -> None:
    project.edit_settings(lambda settings: settings["bucket"].update(changes))


def test_a_bucket_is_made_safe_stays_as_it_is_and_is_put_right(with_bucket: Callable[..., Project], aws: Aws) -> None:
    s3, iam = aws.client("s3"), aws.client("iam")
    s3.create_bucket(Bucket="logs", CreateBucketConfiguration={"LocationConstraint": moto.REGION})
    delivery = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::logs/*",
    }
    s3.put_bucket_policy(Bucket="logs", Policy=json.dumps({"Version": "2012-10-17", "Statement": [delivery]}))
    project = with_bucket(
        "dev", name="tables", oidcProvider=OIDC, accessLogs="logs", tags={"owner": "data", "cost-centre": "42"}
    )
    planned = project.preview()["changeSummary"]
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["logs"], "a preview makes nothing"
    assert project.up().changes == planned

    assert s3.get_bucket_location(Bucket="tables")["LocationConstraint"] == moto.REGION
    assert s3.get_public_access_block(Bucket="tables")["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
    (encryption,) = s3.get_bucket_encryption(Bucket="tables")["ServerSideEncryptionConfiguration"]["Rules"]
    assert encryption["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert s3.get_bucket_versioning(Bucket="tables")["Status"] == "Enabled"
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket="tables")["Rules"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert rule["Status"] == "Enabled"
    (owner,) = s3.get_bucket_ownership_controls(Bucket="tables")["OwnershipControls"]["Rules"]
    assert owner == {"ObjectOwnership": "BucketOwnerEnforced"}
    (statement,) = json.loads(s3.get_bucket_policy(Bucket="tables")["Policy"])["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Resource"] == ["arn:aws:s3:::tables", "arn:aws:s3:::tables/*"]
    logging = s3.get_bucket_logging(Bucket="tables")["LoggingEnabled"]
    assert (logging["TargetBucket"], logging["TargetPrefix"]) == ("logs", "cube-store/")
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket="tables")["TagSet"]}
    assert tags.items() >= {"owner": "data", "cost-centre": "42", "environment": "dev"}.items()

    role = iam.get_role(RoleName="floe-cube-dev-cube-store")["Role"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Federated": OIDC}
    issuer = OIDC.partition("oidc-provider/")[2]
    assert trust["Condition"] == {
        "StringEquals": {
            f"{issuer}:aud": "sts.amazonaws.com",
            f"{issuer}:sub": "system:serviceaccount:floe-cube-dev:cube-store",
        }
    }
    manifests = project.manifests()
    account = manifests["ServiceAccount/cube-store"]["metadata"]
    assert account["annotations"]["eks.amazonaws.com/role-arn"] == role["Arn"]
    assert (account["namespace"], account["name"]) == ("floe-cube-dev", "cube-store")
    policy = iam.get_role_policy(RoleName="floe-cube-dev-cube-store", PolicyName="bucket")["PolicyDocument"]
    assert {resource for each in policy["Statement"] for resource in [each["Resource"]]} == {
        "arn:aws:s3:::tables",
        "arn:aws:s3:::tables/*",
    }
    assert "*" not in str([each["Action"] for each in policy["Statement"]])

    assert project.up().changes == {}
    project.pulumi("refresh", "--yes", "--skip-preview", "--stack", project.stack)
    assert project.up().changes == {}, "what AWS gives back is what was asked for"

    # Someone opens it by hand: a refresh finds it, an update puts it right.
    s3.put_public_access_block(
        Bucket="tables", PublicAccessBlockConfiguration={"BlockPublicAcls": False, "BlockPublicPolicy": True}
    )
    s3.delete_bucket_policy(Bucket="tables")
    project.pulumi("refresh", "--yes", "--skip-preview", "--stack", project.stack)
    assert project.up().changes == {"update": 1, "create": 1}
    assert s3.get_public_access_block(Bucket="tables")["PublicAccessBlockConfiguration"]["BlockPublicAcls"] is True
    assert s3.get_bucket_policy(Bucket="tables")["Policy"]

    # A key of one's own changes the encryption, and what the role may do.
    edit_bucket(project, kmsKey=KEY)
    assert project.up().changes == {"update": 2}
    (encryption,) = s3.get_bucket_encryption(Bucket="tables")["ServerSideEncryptionConfiguration"]["Rules"]
    assert encryption["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    policy = iam.get_role_policy(RoleName="floe-cube-dev-cube-store", PolicyName="bucket")["PolicyDocument"]
    assert KEY in [each["Resource"] for each in policy["Statement"]]

    project.pulumi("destroy", "--yes", "--skip-preview", "--stack", project.stack)
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["logs"]
    assert not [each for each in iam.list_roles()["Roles"] if each["RoleName"].startswith("floe-cube-dev")]


def test_a_bucket_that_is_there_is_adopted_with_all_it_holds(with_bucket: Callable[..., Project], aws: Aws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="given", CreateBucketConfiguration={"LocationConstraint": moto.REGION})
    s3.put_bucket_tagging(Bucket="given", Tagging={"TagSet": [{"Key": "team", "Value": "platform"}]})
    s3.put_object(Bucket="given", Key="metastore", Body=b"kept")
    project = with_bucket("dev", name="given", manage="create")
    assert "is there already" in project.pulumi(
        "up", "--yes", "--skip-preview", "--stack", project.stack, expect_failure=True
    )

    edit_bucket(project, manage="adopt")
    project.up()
    assert s3.get_bucket_versioning(Bucket="given")["Status"] == "Enabled"
    assert s3.get_bucket_tagging(Bucket="given")["TagSet"] == [{"Key": "team", "Value": "platform"}]
    assert project.up().changes == {}

    project.pulumi("destroy", "--yes", "--skip-preview", "--stack", project.stack)
    assert s3.get_public_access_block(Bucket="given"), "what guards it stays with it"
    # moto keeps to the policy, and listens without TLS.
    s3.delete_bucket_policy(Bucket="given")
    assert s3.get_object(Bucket="given", Key="metastore")["Body"].read() == b"kept"


def test_production_refuses_to_delete_its_bucket(with_bucket: Callable[..., Project], aws: Aws) -> None:
    project = with_bucket("prod", name="precious")
    project.up()
    told = project.pulumi("destroy", "--yes", "--skip-preview", "--stack", project.stack, expect_failure=True)
    assert "protected" in told
    assert aws.client("s3").head_bucket(Bucket="precious")


def test_production_switched_off_keeps_its_bucket_and_takes_it_up_again(
    with_bucket: Callable[..., Project], aws: Aws
) -> None:
    s3 = aws.client("s3")
    project = with_bucket("prod", name="kept")
    project.up()
    project.edit_artifacts(lambda artifacts: artifacts["consumption"].update(enabled=False))
    told = project.up().output
    assert "this stack keeps nothing but its data, the bucket kept." in told
    assert project.outputs() == {"version": 1, "status": "disabled", "managedBuckets": ["kept"]}
    assert s3.head_bucket(Bucket="kept")
    assert s3.get_public_access_block(Bucket="kept"), "what guards it stays with it"
    assert project.up().changes == {}

    project.edit_artifacts(lambda artifacts: artifacts["consumption"].update(enabled=True))
    project.up()
    assert "StatefulSet/cube-store-router" in project.manifests()


def test_production_that_is_switched_off_from_the_start_makes_no_bucket(
    with_bucket: Callable[..., Project], aws: Aws
) -> None:
    project = with_bucket("prod", name="later")
    project.edit_artifacts(lambda artifacts: artifacts["consumption"].update(enabled=False))
    for _ in range(2):
        assert "this stack is empty." in project.up().output
    assert project.outputs() == {"version": 1, "status": "disabled", "managedBuckets": []}
    assert "later" not in [bucket["Name"] for bucket in aws.client("s3").list_buckets()["Buckets"]]


def test_a_bucket_that_the_warehouse_unloads_into_empties_itself_and_goes_with_what_is_left(
    with_bucket: Callable[..., Project], aws: Aws
) -> None:
    s3, iam = aws.client("s3"), aws.client("iam")
    project = with_bucket("dev", name="there", manage="reference", oidcProvider=OIDC)
    unloaded = {"enabled": True, "bucket_type": "s3", "name": "unloaded", "region": moto.REGION, "integration": "OUT"}

    def unload(artifacts: dict[str, Any]) -> None:
        artifacts["consumption"]["database_type"] = "snowflake"
        artifacts["consumption"]["pre_aggregations"]["export_bucket"] = unloaded

    project.edit_artifacts(unload)
    project.edit_settings(
        lambda settings: settings.update(
            exportBucket={"manage": "create"}, models={**settings["models"], "allowAdapterMismatch": True}
        )
    )
    project.up()
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket="unloaded")["Rules"]
    assert (rule["Expiration"]["Days"], rule["NoncurrentVersionExpiration"]["NoncurrentDays"]) == (1, 1)
    assert s3.get_public_access_block(Bucket="unloaded")
    role = iam.get_role(RoleName="floe-cube-dev-cube-export")["Role"]
    for account in ("cube-api", "cube-refresh-worker"):
        annotations = project.manifests()[f"ServiceAccount/{account}"]["metadata"]["annotations"]
        assert annotations["eks.amazonaws.com/role-arn"] == role["Arn"]
    assert project.outputs()["managedBuckets"] == ["unloaded"]
    assert project.up().changes == {}

    # moto keeps to the policy, and listens without TLS.
    s3.delete_bucket_policy(Bucket="unloaded")
    for _ in range(2):
        s3.put_object(Bucket="unloaded", Key="part-0.csv.gz", Body=b"rows")
    project.pulumi("destroy", "--yes", "--skip-preview", "--stack", project.stack)
    assert "unloaded" not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
