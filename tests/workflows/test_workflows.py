"""The workflows are what GitHub and GitLab take, run only commands that there are, and hand out no credentials."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

from tests.docs import known_commands
from tests.workflows.files import (
    ACTIONS,
    GITLAB,
    LANDING,
    PROJECT,
    WORKFLOWS,
    array_options,
    commands,
    document,
    steps,
)
from tools.scanners import provide_actionlint

FILES = [*WORKFLOWS, *ACTIONS, GITLAB, LANDING]
PULL_REQUEST = PROJECT / ".github" / "workflows" / "pull-request.yml"
OF_THIS_REPOSITORY = "github.event.pull_request.head.repo.full_name == github.repository"
SET_UP = "vars.PULUMI_BACKEND_URL != ''"


def run(*command: str | Path) -> str:
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def check_schema(schema: str, files: Sequence[Path], *options: str) -> None:
    done = CliRunner().invoke(
        check_jsonschema, ["--builtin-schema", f"vendor.{schema}", *options, *(str(file) for file in files)]
    )
    assert done.exit_code == 0, done.output


def test_github_takes_the_workflows() -> None:
    check_schema("github-workflows", WORKFLOWS)
    check_schema("github-actions", ACTIONS)


def test_gitlab_takes_the_template() -> None:
    check_schema("gitlab-ci", [GITLAB], "--data-transform", "gitlab-ci")


def test_zizmor_finds_nothing_unsafe() -> None:
    program = Path(sys.executable).with_name("zizmor")
    run(program, "--offline", "--no-progress", "--quiet", PROJECT / ".github")


@pytest.mark.real
def test_actionlint_finds_nothing_wrong() -> None:
    # Without shellcheck where the machine has none.
    run(provide_actionlint(), "-shellcheck", shutil.which("shellcheck") or "")


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_commands_and_their_options_are_there(file: Path) -> None:
    for command in commands(file):
        known_commands.check(command)
    assert array_options(file) <= known_commands.options_of("report") | known_commands.options_of("landing")


def test_the_commands_are_seen() -> None:
    """That the test above looks at something."""
    seen = {file: {each.split()[0] + " " + each.split()[1] for each in commands(file)} for file in FILES}
    assert seen[PULL_REQUEST] >= {
        "floe-cube generate",
        "floe-cube diff",
        "floe-cube check",
        "floe-cube report",
        "pulumi preview",
    }
    assert seen[GITLAB] >= seen[PULL_REQUEST] | {"pulumi up", "floe-cube drift"}
    assert seen[LANDING] >= {"floe-cube landing", "floe-cube token", "pulumi stack", "kubectl --namespace"}
    assert array_options(LANDING) == {"--url", "--ready-url", "--sql-url", "--ask"}
    assert array_options(PULL_REQUEST) == {"--diff", "--preview", "--link", "--picture"}


@pytest.mark.parametrize("file", [PROJECT / ".github" / "actions" / "toolchain" / "action.yml", GITLAB])
def test_pulumi_is_of_the_version_that_the_environment_has(file: Path) -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    [version] = [each.partition("==")[2] for each in project["dependencies"] if each.startswith("pulumi==")]
    assert re.search(rf"(pulumi-version: |pulumi/pulumi:){re.escape(version)}$", file.read_text(), re.MULTILINE)


def test_who_gets_credentials_is_no_fork_and_waits_until_they_are_set_up() -> None:
    with_credentials = {}
    for file in WORKFLOWS:
        for name, job in document(file)["jobs"].items():
            # A release's credentials are those of the package index.
            if "id-token" in job.get("permissions", {}) and "uses" not in job and file.stem != "release":
                with_credentials[f"{file.stem}/{name}"] = job
    assert set(with_credentials) == {"pull-request/preview", "deploy-stack/deploy", "drift/drift"}
    assert with_credentials["pull-request/preview"]["if"] == f"{SET_UP} && {OF_THIS_REPOSITORY}"
    assert with_credentials["drift/drift"]["if"] == SET_UP
    assert document(PROJECT / ".github" / "workflows" / "deploy.yml")["jobs"]["dev"]["if"] == SET_UP
    for job in with_credentials.values():
        assert job["permissions"]["contents"] == "read"


def test_at_gitlab_too_nothing_with_credentials_runs_before_they_are_set_up() -> None:
    jobs = {name: job for name, job in document(GITLAB).items() if isinstance(job, dict)}
    extending = [name for name, job in jobs.items() if ".with-credentials" in job.get("extends", ())]
    assert extending == ["preview", ".deploy", "drift"]
    for name in [*extending, "prod"]:
        assert all("$PULUMI_BACKEND_URL" in rule["if"] for rule in jobs[name]["rules"]), name


def test_who_may_write_runs_nothing_of_a_pull_request() -> None:
    jobs = document(PULL_REQUEST)["jobs"]
    writing = [
        name
        for name, job in jobs.items()
        if any(right == "write" for what, right in job["permissions"].items() if what != "id-token")
    ]
    assert writing == ["comment"]
    checkouts = [step for step in jobs["comment"]["steps"] if str(step.get("uses")).startswith("actions/checkout@")]
    assert [step["with"]["ref"] for step in checkouts] == ["${{ github.event.pull_request.base.sha }}"]
    [renewal] = [step for step in jobs["comment"]["steps"] if "GH_TOKEN" in step.get("env", {})]
    assert renewal["if"] == OF_THIS_REPOSITORY
    assert "floe-cube" not in re.sub(r"<!--.*?-->", "", renewal["run"])


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_rights_are_none_but_what_a_job_says(file: Path) -> None:
    whole = document(file)
    assert whole["permissions"] in ({}, {"contents": "read"})
    assert "pull_request_target" not in whole["on"]
    for _, step in steps(file):
        assert "secrets." not in step.get("run", ""), "a secret is an environment variable, never a part of a script"


def test_updates_wait_for_one_another_and_go_in_order() -> None:
    whole = document(PROJECT / ".github" / "workflows" / "deploy.yml")
    assert whole["concurrency"]["cancel-in-progress"] == "false"
    assert {name: job.get("needs") for name, job in whole["jobs"].items()} == {
        "dev": None,
        "staging": "dev",
        "prod": "staging",
    }
