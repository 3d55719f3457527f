"""The engine, set up once for all tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.program.engine import Project
from tools.environment import environment


@pytest.fixture(scope="session")
def pulumi_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PULUMI_HOME with the offline Kubernetes provider."""
    return tmp_path_factory.mktemp("pulumi-home")


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
def provisioned(tmp_path_factory: pytest.TempPathFactory, pulumi_home: Path) -> Project:
    """A project with the stack `local`, provisioned once for tests that only look."""
    folder = tmp_path_factory.mktemp("provisioned")
    (folder / "project").mkdir()
    project = Project(folder / "project", environment(folder=folder / "floe", pulumi_home=pulumi_home))
    project.up()
    return project


@pytest.fixture
def project(new_project: Callable[..., Project]) -> Project:
    """A project with the stack `local`."""
    return new_project()
