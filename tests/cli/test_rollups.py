"""`floe-cube rollups` on the sample shop."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Answer, Project
from tools.shop_database import SHOP

ARTIFACTS = ("-a", SHOP / "compiled_artifacts.json")
AT = ("--at", "2026-01-31T12:00:00Z")


def test_rollups_are_listed_as_a_table(run: Callable[..., Answer]) -> None:
    head, row, covered = run("rollups", *ARTIFACTS, *AT).out.splitlines()

    assert head.split()[:3] == ["rollup", "kind", "by"]
    assert row.startswith("orders.revenue_by_day  rollup  ordered_at day  month      0 5 * * * Europe/Amsterdam")
    assert "2026-02-01 05:00+01:00" in row
    assert row.endswith("2 measures by 2 dimensions of orders, order_overview, revenue_dashboard")
    assert covered == "orders: 9 of 195 pairs of a measure and a dimension are answered by one"


def test_rollups_are_listed_as_json_with_a_picture(run: Callable[..., Answer], tmp_path: Path) -> None:
    picture = tmp_path / "coverage.svg"

    document = run("rollups", *ARTIFACTS, *AT, "--format", "json", "--picture", picture).json

    assert document["timeZones"] == ["UTC"]
    [rollup] = document["rollups"]
    assert rollup["nextRun"] == "2026-02-01T05:00:00+01:00"
    assert rollup["dimensions"] == ["orders.organization_id", "orders.status"]
    assert document["coverage"][0]["served"] == 9
    assert picture.read_text().startswith("<svg ")


def test_the_zones_that_rollups_are_built_for_are_told(run: Callable[..., Answer], tmp_path: Path) -> None:
    stack = tmp_path / "Pulumi.dev.yaml"
    settings = {
        "environment": "dev",
        "artifacts": str(ARTIFACTS[1]),
        "refreshWorker": {"timeZones": ["Europe/Amsterdam", "UTC"]},
    }
    stack.write_text(json.dumps({"config": {f"floe-cube-infra:{key}": value for key, value in settings.items()}}))

    assert "Those with a time are built for each of Europe/Amsterdam, UTC." in run("rollups", "-s", stack, *AT).out

    settings["refreshWorker"] = {"timeZones": ["Europe/Amsterdma"]}
    stack.write_text(json.dumps({"config": {f"floe-cube-infra:{key}": value for key, value in settings.items()}}))
    refused = run("rollups", "-s", stack, *AT)

    assert refused.code == 1
    assert "refreshWorker.timeZones: `Europe/Amsterdma` is no time zone" in refused.err
    assert "did you mean Europe/Amsterdam?" in refused.err


def test_a_model_without_rollups_says_so(run: Callable[..., Answer], project: Project) -> None:
    assert run("rollups", "-a", project.artifacts).out == "There are no rollups.\n"


def test_a_moment_that_is_none_is_refused(run: Callable[..., Answer]) -> None:
    answer = run("rollups", *ARTIFACTS, "--at", "tomorrow")

    assert answer.code == 2
    assert "'tomorrow' is no moment; write for example 2026-01-31T12:00:00Z" in answer.err


def test_a_picture_that_cannot_be_written_is_a_sentence(run: Callable[..., Answer], tmp_path: Path) -> None:
    answer = run("rollups", *ARTIFACTS, "--picture", tmp_path / "nowhere" / "coverage.svg")

    assert answer.code == 1
    assert "can't be written: No such file or directory." in answer.err
