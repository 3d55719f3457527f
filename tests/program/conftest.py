"""The engine, set up once for all tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.program.engine import Project, Update
from tools.clone import Clone
from tools.environment import environment
from tools.policy_pack import PolicyPack, write_policy_pack


@pytest.fixture(scope="session")
def pulumi_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PULUMI_HOME with the offline Kubernetes provider."""
    return tmp_path_factory.mktemp("pulumi-home")


@pytest.fixture(scope="session")
def policy_pack(tmp_path_factory: pytest.TempPathFactory) -> PolicyPack:
    """The policy pack, for `Project.hold_to`."""
    return write_policy_pack(tmp_path_factory.mktemp("policies"), Clone.here())


@pytest.fixture
def new_project(tmp_path: Path, pulumi_home: Path) -> Callable[..., Project]:
    """Makes a project with a backend of its own."""

    def make(stack: str = "local") -> Project:
        folder = tmp_path / "project"
        folder.mkdir()
        variables = environment(folder=tmp_path / "floe", pulumi_home=pulumi_home)
        return Project(folder, variables, stack)

    return make


@pytest.fixture(scope="module")
def first_update(
    tmp_path_factory: pytest.TempPathFactory, pulumi_home: Path, policy_pack: PolicyPack
) -> tuple[Project, Update]:
    """A project with the stack `local`, and what its first `up` did, held to the policies."""
    folder = tmp_path_factory.mktemp("provisioned")
    (folder / "project").mkdir()
    project = Project(folder / "project", environment(folder=folder / "floe", pulumi_home=pulumi_home))
    return project, project.hold_to(policy_pack).up()


@pytest.fixture(scope="module")
def provisioned(first_update: tuple[Project, Update]) -> Project:
    """A project with the stack `local`, provisioned once for tests that only look."""
    return first_update[0]


@pytest.fixture
def project(new_project: Callable[..., Project]) -> Project:
    """A project with the stack `local`."""
    return new_project()
