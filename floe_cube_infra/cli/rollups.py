"""`floe-cube rollups`: all rollups, when they are built, and what they serve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from floe_cube_infra.acceleration import Explainer
from floe_cube_infra.acceleration.coverage import CubeCoverage, coverage
from floe_cube_infra.acceleration.listing import ListedRollup, list_rollups
from floe_cube_infra.acceleration.picture import draw
from floe_cube_infra.cli.options import Artifacts, Catalog, Format, Manifest, OutputFormat, StackFile, settings_from
from floe_cube_infra.cli.progress import progress
from floe_cube_infra.cli.report import print_json, print_line
from floe_cube_infra.generation import generate_from
from floe_cube_infra.project_inputs import read_inputs
from floe_cube_infra.sync.file import write_file

At = Annotated[str | None, typer.Option("--at", help="The moment that next runs are counted from; by default now.")]
Picture = Annotated[Path | None, typer.Option("--picture", help="Write the coverage there, as SVG.")]

_COLUMNS = ("rollup", "kind", "by", "partition", "built", "next run", "rows at most", "serves")


def rollups(
    artifacts: Artifacts = None,
    manifest: Manifest = None,
    catalog: Catalog = None,
    stack_file: StackFile = None,
    at: At = None,
    picture: Picture = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """List the rollups: what they hold, when they are built next, how large they may get, and what they serve."""
    moment = _moment(at)
    with progress("reading the dbt project"):
        inputs = read_inputs(settings_from(artifacts, manifest, catalog, stack_file), Path.cwd())
    if inputs is None:
        if output_format is Format.JSON:
            print_json({"ok": True, "enabled": False})
        else:
            print_line("consumption.enabled is false in the artifacts: there are no rollups.")
        return
    with progress("translating it, and asking which rollup answers what"):
        generated = generate_from(inputs)
        explainer = Explainer(generated.model, generated.time_zones)
        listed = list_rollups(explainer, inputs.catalog.row_counts(), moment)
        covered = coverage(explainer)
    if picture is not None:
        write_file(picture, draw(covered))
    if output_format is Format.JSON:
        zones = list(generated.time_zones)
        found = list(map(_as_document, listed))
        print_json({"ok": True, "enabled": True, "timeZones": zones, "rollups": found, **_covered(covered)})
        return
    for line in _table([_COLUMNS, *map(_row, listed)]) if listed else ("There are no rollups.",):
        print_line(line)
    if listed and len(generated.time_zones) > 1:
        print_line(f"Those with a time are built for each of {', '.join(generated.time_zones)}.")
    for each in covered:
        print_line(f"{each.cube}: {each.served} of {each.count} pairs of a measure and a dimension are answered by one")


def _moment(at: str | None) -> datetime:
    if at is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise typer.BadParameter(
            f"{at!r} is no moment; write for example 2026-01-31T12:00:00Z", param_hint="--at"
        ) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _row(listed: ListedRollup) -> tuple[str, ...]:
    rollup = listed.rollup
    views = f", {', '.join(listed.views)}" if listed.views else ""
    return (
        rollup.name,
        rollup.built.type,
        ", ".join(f"{time.partition('.')[2]} {size}" for time, size in rollup.times) or "-",
        rollup.built.partition_granularity or "-",
        listed.schedule,
        listed.next_run.isoformat(sep=" ", timespec="minutes") if listed.next_run else "-",
        "-" if listed.most_rows is None else f"{listed.most_rows:,}",
        f"{len(rollup.measures)} measures by {len(rollup.dimensions)} dimensions of {rollup.cube}{views}",
    )


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _as_document(listed: ListedRollup) -> dict[str, object]:
    rollup = listed.rollup
    return {
        "rollup": rollup.name,
        "cube": rollup.cube,
        "kind": rollup.built.type,
        "external": rollup.built.external,
        "measures": list(rollup.measures),
        "dimensions": list(rollup.dimensions),
        "timeDimensions": [{"dimension": time, "granularity": size} for time, size in rollup.times],
        "partitionGranularity": rollup.built.partition_granularity,
        "schedule": listed.schedule,
        "nextRun": listed.next_run.isoformat() if listed.next_run else None,
        "mostRows": listed.most_rows,
        "granularities": list(listed.granularities),
        "views": list(listed.views),
    }


def _covered(covered: Sequence[CubeCoverage]) -> dict[str, object]:
    return {
        "coverage": [
            {
                "cube": each.cube,
                "served": each.served,
                "pairs": [
                    {"measure": pair.measure, "dimension": pair.dimension, "servedBy": pair.served_by}
                    for row in each.pairs
                    for pair in row
                ],
            }
            for each in covered
        ]
    }
