"""The policy pack on the real engine, over a program that breaks every policy; `bad_stack.py` is that program."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from floe_cube_policies import POLICIES

from tests.program.engine import Project
from tools.policy_pack import PolicyPack

pytestmark = pytest.mark.xdist_group("engine")


def test_a_preview_fails_and_names_each_policy_that_is_broken_and_by_what(
    new_project: Callable[..., Project], policy_pack: PolicyPack
) -> None:
    project = new_project("prod").hold_to(policy_pack)
    shutil.copy(Path(__file__).parent / "bad_stack.py", project.folder / "__main__.py")
    output = project.pulumi("preview", "--stack", "prod", "--color", "never", *project.policies, expect_failure=True)

    broken = set(re.findall(r"\[mandatory\]\s+(\S+)\s+\(\S+ (\S+)\)", output))
    assert broken == {
        ("memory-limits", "cube-api"),
        ("memory-limits", "cube-store-router"),
        ("memory-limits", "cube-store-router-b"),
        ("no-dev-mode", "cube-api"),
        ("no-moving-images", "cube-api"),
        ("no-plaintext-secrets", "cube-api"),
        ("no-privileged-pods", "cube-api"),
        ("no-privileged-pods", "cube-store-router"),
        ("no-privileged-pods", "cube-store-router-b"),
        ("no-public-buckets", "tables"),
        ("production-tls", "cube"),
        ("shared-queue", "cube-api"),
        ("single-router", "floe-cube-infra-prod"),
    }
    assert {policy for policy, _ in broken} == {policy.name for policy in POLICIES}
    assert "hush-hush" not in output.partition("Policies:")[2]
