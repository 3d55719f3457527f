"""The scripts of the workflows' steps, run as GitHub runs them; `gh` is a stand-in that keeps what it is asked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs import scratch
from tests.workflows.files import PROJECT, steps

WORKFLOWS = PROJECT / ".github" / "workflows"
REFRESHES = PROJECT / "tests" / "drift" / "refreshes"
MARKER = "<!-- floe-cube report -->"


def script(workflow: str, name: str) -> str:
    """The script of the step with this name."""
    [found] = [str(step["run"]) for _, step in steps(WORKFLOWS / f"{workflow}.yml") if step.get("name") == name]
    return found


class Runner:
    """A folder in which steps run, one after another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / ".programs"
        self.programs.mkdir(parents=True)
        self.variables = {
            "PATH": os.pathsep.join([str(self.programs), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "example/semantic-layer",
            "GITHUB_RUN_ID": "7",
            "RECORDED": str(folder / "recorded"),
        }

    def program(self, name: str, text: str) -> None:
        """Puts a stand-in on PATH."""
        path = self.programs / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> "$RECORDED"\n{text}\n')
        path.chmod(0o755)

    def run(self, text: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Runs a script with `shell: bash`."""
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
            cwd=self.folder,
            env=self.variables | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def recorded(self) -> list[str]:
        """What stand-ins were asked since the last look."""
        path = Path(self.variables["RECORDED"])
        lines = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return lines


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path / "checkout")


@pytest.mark.real
def test_a_pull_request_is_compared_checked_and_told(tmp_path: Path) -> None:
    runner = Runner(tmp_path / "checkout")
    scratch.fill(runner.folder)
    shop = runner.folder / "examples" / "shop" / "target" / "manifest.json"
    shop.write_text(shop.read_text().replace('"One row per order', '"Each row is an order'))

    compared = runner.run(script("pull-request", "Generate, and compare with the base"), BASE="HEAD")
    assert compared.returncode == 0, compared.stderr
    assert runner.run(script("pull-request", "Check")).returncode == 0
    (runner.folder / "reports" / "preview-prod.json").write_text("")  # a preview that didn't come to its end

    told = runner.run(script("pull-request", "Write the comment"))
    assert told.returncode == 0, told.stderr
    comment = (runner.folder / "comment.md").read_text()
    assert comment.startswith(MARKER)
    assert "| prod | 1 cosmetic | no preview |" in comment
    assert "https://github.com/example/semantic-layer/actions/runs/7" in comment
    assert (runner.folder / "summary.md").read_text() == comment
    assert (runner.folder / "changes.svg").read_text().startswith("<svg")


@pytest.mark.parametrize(
    ("found", "asked"),
    [
        ("", "gh api --method POST repos/example/semantic-layer/issues/12/comments --field body=@comment.md --silent"),
        (
            "345\n678",
            "gh api --method PATCH repos/example/semantic-layer/issues/comments/345 --field body=@comment.md --silent",
        ),
    ],
)
def test_there_is_one_comment_and_it_is_renewed(runner: Runner, found: str, asked: str) -> None:
    runner.program("gh", f'case "$*" in *--paginate*) printf "{found}";; esac')
    done = runner.run(script("pull-request", "Renew it in the pull request"), NUMBER="12")
    assert done.returncode == 0, done.stderr
    listed, written = runner.recorded()
    assert listed.startswith("gh api --paginate repos/example/semantic-layer/issues/12/comments --jq ")
    assert MARKER in listed
    assert written == asked


@pytest.mark.skipif(shutil.which("jq") is None, reason="stands in for the one that gh has")
def test_the_comment_is_found_among_others(runner: Runner) -> None:
    runner.program("gh", "")
    runner.run(script("pull-request", "Renew it in the pull request"), NUMBER="12")
    expression = runner.recorded()[0].partition(" --jq ")[2]
    bot = {"login": "github-actions[bot]"}
    comments = [
        {"id": 1, "user": {"login": "eve"}, "body": f"{MARKER}\nmine"},
        {"id": 2, "user": bot, "body": f"quoting {MARKER}"},
        {"id": 3, "user": bot, "body": f"{MARKER}\n## Semantic layer"},
    ]
    found = subprocess.run(["jq", expression], input=json.dumps(comments), capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["3"]


@pytest.mark.parametrize(
    ("refresh", "found", "asked"),
    [
        ("changed-by-hand", "", "gh issue create --title Drift of the stack prod --body-file drift.md"),
        ("changed-by-hand", "9", "gh issue edit 9 --body-file drift.md"),
        ("at-rest", "9", "gh issue close 9 --comment What is there is again what the stack has made."),
        ("at-rest", "", None),
    ],
)
def test_drift_is_one_issue_that_is_closed_once_it_is_gone(
    runner: Runner, refresh: str, found: str, asked: str | None
) -> None:
    runner.program("pulumi", f'cat "{REFRESHES / refresh}.json"')
    runner.program("gh", f'case "$*" in "issue list"*) printf "{found}";; esac')
    looked = runner.run(script("drift", "Look for drift"), STACK="prod")
    assert looked.returncode == 0, looked.stderr
    code = (runner.folder / "output").read_text().strip().removeprefix("code=")
    told = runner.run(script("drift", "Open, renew or close the issue"), STACK="prod", CODE=code)
    assert told.returncode == 0, told.stderr
    assert [line for line in runner.recorded() if line.startswith("gh issue") and "gh issue list" not in line] == (
        [] if asked is None else [asked]
    )


def test_where_nobody_knows_of_drift_the_job_fails(runner: Runner) -> None:
    runner.program("pulumi", f'cat "{REFRESHES / "no-cluster"}.json"; exit 1')
    assert runner.run(script("drift", "Look for drift"), STACK="prod").returncode != 0
    assert (runner.folder / "output").read_text() == "code=2\n"
