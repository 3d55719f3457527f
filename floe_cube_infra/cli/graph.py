"""`floe-cube graph`: the model drawn, its cubes, joins, row filters and views."""

from __future__ import annotations

import difflib
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from floe_cube_infra.cli.options import Artifacts, Catalog, Manifest, StackFile, settings_from
from floe_cube_infra.cli.progress import progress
from floe_cube_infra.cli.report import print_json, print_line
from floe_cube_infra.errors import OutputError, QueryError
from floe_cube_infra.generation import generate_from
from floe_cube_infra.graph.dot import dot
from floe_cube_infra.graph.mermaid import MOST_LINES, count_lines, mermaid
from floe_cube_infra.graph.model_graph import ModelGraph
from floe_cube_infra.graph.reading import graph_of
from floe_cube_infra.graph.svg import draw
from floe_cube_infra.project_inputs import read_inputs
from floe_cube_infra.sync.file import write_file


class GraphFormat(StrEnum):
    """How the graph is told."""

    SVG = "svg"
    MERMAID = "mermaid"
    DOT = "dot"
    JSON = "json"


_MOST_HOPS = 100

Focus = Annotated[
    list[str] | None,
    typer.Option("--focus", metavar="CUBE", help="Only what is around this cube or view; repeatable."),
]
Hops = Annotated[int, typer.Option("--hops", min=0, max=_MOST_HOPS, help="How many joins away from it, at most.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write it there; by default to standard output.")]


def graph(
    artifacts: Artifacts = None,
    manifest: Manifest = None,
    catalog: Catalog = None,
    stack_file: StackFile = None,
    focus: Focus = None,
    hops: Hops = 1,
    out: Out = None,
    output_format: Annotated[GraphFormat, typer.Option("--format", help="As what.")] = GraphFormat.SVG,
) -> None:
    """Draw the model: cubes, joins with their cardinalities, row filters and views."""
    with progress("reading the dbt project"):
        inputs = read_inputs(settings_from(artifacts, manifest, catalog, stack_file), Path.cwd())
    if inputs is None:
        if output_format is GraphFormat.JSON:
            print_json({"ok": True, "enabled": False})
        else:
            print_line("consumption.enabled is false in the artifacts: there is nothing to draw.")
        return
    with progress("translating it, and drawing the model"):
        whole = graph_of(generate_from(inputs).model)
        drawn = _around(whole, focus, hops) if focus else whole
        name = inputs.manifest.metadata.project_name or "the model"
        text = _text(drawn, f"{name}: around {', '.join(focus)}" if focus else name, output_format)
    if out is None:
        print_line(text.rstrip("\n"))
        return
    write_file(out, text)
    print_line(f"{out}: {len(drawn.nodes)} of {len(whole.nodes)} cubes and views, {len(drawn.drawn_joins())} joins.")


def _around(whole: ModelGraph, focus: list[str], hops: int) -> ModelGraph:
    known = [node.name for node in whole.nodes]
    problems = []
    for name in focus:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            problems.append(f"{name} is no cube or view here" + (f"; is {close[0]} meant?" if close else ""))
    if problems:
        raise QueryError("What --focus names isn't there:", problems)
    return whole.around(focus, hops)


def _text(drawn: ModelGraph, heading: str, output_format: GraphFormat) -> str:
    match output_format:
        case GraphFormat.SVG:
            return draw([(heading, drawn)])
        case GraphFormat.DOT:
            return dot(drawn)
        case GraphFormat.JSON:
            return json.dumps({"ok": True, "enabled": True, **drawn.model_dump(mode="json")}, indent=2) + "\n"
        case GraphFormat.MERMAID:
            lines = count_lines(drawn)
            if lines > MOST_LINES:
                raise OutputError(
                    f"The graph has {lines} lines, and Mermaid draws {MOST_LINES} at most: draw a part with --focus, "
                    "or all of it with --format svg."
                )
            return mermaid(drawn)
