"""The committed pack, started as Pulumi's own Python host starts it: this command, and the stack in variables."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
import yaml
from floe_cube_policies import POLICIES
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from tests.policies.judging import variables, workload

PACK = Path(__file__).parents[2] / "policies"


@pytest.fixture(scope="module")
def analyzer() -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    """The pack, looking at a stack of the environment dev."""
    stack = {
        "PULUMI_PROJECT": "floe-cube-infra",
        "PULUMI_STACK": "dev",
        "PULUMI_DRY_RUN": "true",
        "PULUMI_CONFIG": json.dumps({"floe-cube-infra:environment": "dev"}),
    }
    # Nobody listens where the engine should be: the pack is asked, and asks nobody.
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(PACK)]
    with subprocess.Popen(command, cwd=PACK, env=os.environ | stack, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            with grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}") as channel:
                yield analyzer_pb2_grpc.AnalyzerStub(channel)
        finally:
            process.kill()


def test_the_pack_says_which_policies_it_has_and_that_none_is_optional(
    analyzer: analyzer_pb2_grpc.AnalyzerStub,
) -> None:
    info = analyzer.GetAnalyzerInfo(empty_pb2.Empty(), timeout=30)

    assert info.name == "floe-cube"
    assert [policy.name for policy in info.policies] == [policy.name for policy in POLICIES]
    assert {policy.enforcementLevel for policy in info.policies} == {analyzer_pb2.MANDATORY}


def test_the_pack_knows_the_environment_of_the_stack(analyzer: analyzer_pb2_grpc.AnalyzerStub) -> None:
    properties = json_format.ParseDict(workload([variables(CUBEJS_DEV_MODE="true")]), struct_pb2.Struct())
    request = analyzer_pb2.AnalyzeRequest(
        type="kubernetes:apps/v1:Deployment", properties=properties, urn="urn:pulumi:dev::p::t::api", name="api"
    )
    said = {each.policyName: each.message for each in analyzer.Analyze(request, timeout=30).diagnostics}

    assert "not in dev; set consumption.dev_mode to false" in said["no-dev-mode"]
    assert "production-tls" not in said


def test_the_committed_pack_runs_in_the_projects_environment() -> None:
    runtime = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())["runtime"]
    program = yaml.safe_load((PACK.parent / "Pulumi.yaml").read_text())["runtime"]

    assert (runtime["name"], runtime["options"]["toolchain"]) == (program["name"], program["options"]["toolchain"])
    assert (PACK / runtime["options"]["virtualenv"]).resolve() == (
        PACK.parent / program["options"]["virtualenv"]
    ).resolve()
