"""The comment as Markdown, as GitHub and GitLab draw it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from floe_cube_infra.graph.mermaid import mermaid
from floe_cube_infra.graph.model_graph import ModelGraph
from floe_cube_infra.pull_request.changed_parts import action_of, changed_parts
from floe_cube_infra.pull_request.costs import costs
from floe_cube_infra.pull_request.data_at_risk import data_at_risk
from floe_cube_infra.pull_request.links import Link, markdown_links
from floe_cube_infra.pull_request.preview import Action, Preview, Resource
from floe_cube_infra.semantic_diff.changes import Change, Effect
from floe_cube_infra.semantic_diff.markdown_text import inert
from floe_cube_infra.semantic_diff.report import counts, markdown

MARKER: Final = "<!-- floe-cube report -->"
"""The first line of every comment, which isn't drawn: by it a workflow finds the comment that it has to renew."""

LONGEST: Final = 65_000
"""Characters; GitHub takes 65,536, GitLab more."""

_ROWS: Final = (200, 50, 15, 5, 0)
_PARTS: Final = 6
_DRAWN: Final = 40
"""Cubes and views in a picture."""
_ACTIONS: Final[Sequence[Action]] = ("replaced", "deleted", "changed", "created")


@dataclass(frozen=True, kw_only=True)
class EnvironmentReport:
    """What a pull request does to one environment.

    Attributes:
        name: `prod`.
        changes: Of the model; None where it wasn't compared.
        graph: The part of the model's graph that changes, if that is known.
        preview: Of the resources; None where there is none.
    """

    name: str
    changes: tuple[Change, ...] | None = None
    graph: ModelGraph | None = None
    preview: Preview | None = None


def comment(environments: Sequence[EnvironmentReport], links: Sequence[Link] = ()) -> str:
    """The whole comment, no longer than `LONGEST`: where it would be, tables end earlier and say so.

    Args:
        environments: In the order in which they are told, with different names.
        links: Where to read on.
    """
    texts = (_comment(environments, links, rows) for rows in _ROWS)
    text = next((text for text in texts if len(text) <= LONGEST), None)
    return text or f"{MARKER}\n## Semantic layer\n\nThere is more to tell than a comment holds.\n"


def _comment(environments: Sequence[EnvironmentReport], links: Sequence[Link], rows: int) -> str:
    lines = [MARKER, "## Semantic layer", ""]
    lines += [*_summary(environments), ""]
    lines += [markdown_links(links), ""] if links else []
    lines += _models(environments, rows)
    for environment in environments:
        if environment.preview is not None:
            lines += _resources(inert(environment.name), environment.preview, rows)
    return "\n".join(lines).rstrip("\n") + "\n"


def _summary(environments: Sequence[EnvironmentReport]) -> Iterator[str]:
    yield "| Environment | Model | Resources |"
    yield "| --- | --- | --- |"
    for each in environments:
        model = "not compared" if each.changes is None else _counted_effects(each.changes)
        resources = "no preview" if each.preview is None else _counted_actions(each.preview)
        yield f"| {inert(each.name)} | {model} | {resources} |"


def _counted_effects(changes: Sequence[Change]) -> str:
    words = {
        Effect.WIDENS: "**{} may widen who sees what**",
        Effect.BREAKS: "**{} break queries**",
        Effect.NUMBERS: "{} change numbers",
        Effect.ADDS: "{} added",
        Effect.COSMETIC: "{} cosmetic",
    }
    found = [words[Effect(effect)].format(count) for effect, count in counts(changes).items()]
    return ", ".join(found) or "unchanged"


def _counted_actions(preview: Preview) -> str:
    actions = [action_of(each) for each in preview.changes]
    found = [f"{actions.count(action)} {action}" for action in _ACTIONS if action in actions]
    risks = sum(data_at_risk(each) is not None for each in preview.changes)
    first = [f"**{preview.errors} error{'s' * (preview.errors > 1)}**"] if preview.errors else []
    first += [f"**{risks} with data at risk**"] if risks else []
    return ", ".join([*first, *found]) or "unchanged"


def changed_models(environments: Sequence[EnvironmentReport]) -> list[tuple[list[str], EnvironmentReport]]:
    """The environments whose model changes; those with the same changes share them. Their names, and the first."""
    found: dict[tuple[str, ...], tuple[list[str], EnvironmentReport]] = {}
    for environment in environments:
        if environment.changes:
            key = tuple(each.model_dump_json() for each in environment.changes)
            found.setdefault(key, ([], environment))[0].append(environment.name)
    return list(found.values())


def _models(environments: Sequence[EnvironmentReport], rows: int) -> Iterator[str]:
    for names, first in changed_models(environments):
        yield from (f"### Model: {', '.join(map(inert, names))}", "", markdown(first.changes or (), most=rows))
        if first.graph is not None and first.graph.nodes and rows:
            yield from _picture(first.graph.first(min(rows, _DRAWN)))


def _picture(graph: ModelGraph) -> Iterator[str]:
    yield from (
        "#### Around what changes",
        "",
        "```mermaid",
        mermaid(graph, with_folders=False).rstrip("\n"),
        "```",
        "",
    )
    if graph.left_out:
        yield from (f"and {graph.left_out} more cubes and views", "")


def _resources(name: str, preview: Preview, rows: int) -> Iterator[str]:
    if not preview.changes and not preview.errors:
        return
    yield from (f"### Resources: {name}", "")
    if preview.errors:
        yield from ("**The preview failed: what follows is not all.** Its log says why.", "")
    risks = [(each, risk) for each in preview.changes if (risk := data_at_risk(each)) is not None]
    if risks:
        table = [f"| {each.action} | {_named(each)} | {risk} |" for each, risk in risks]
        yield from ("#### Data at risk", "", *_table("| | Resource | What it holds |", table, rows), "")
    costing = costs(preview)
    if costing:
        table = [f"| {inert(each.what)} | {inert(each.old)} | {inert(each.new)} |" for each in costing]
        yield from ("#### Costs", "", *_table("| | Before | After |", table, rows), "")
    ordered = sorted(preview.changes, key=lambda each: (_ACTIONS.index(action_of(each)), each.kind, each.name))
    if ordered:
        table = [f"| {action_of(each)} | {_named(each)} | {_parts(each)} |" for each in ordered]
        yield f"<details><summary>All resources that change ({len(ordered)})</summary>"
        yield from ("", *_table("| | Resource | What |", table, rows), "", "</details>", "")


def _table(head: str, body: Sequence[str], rows: int) -> Iterator[str]:
    yield head
    yield "| --- | --- | --- |"
    yield from body[:rows]
    if len(body) > rows:
        yield f"| | and {len(body) - rows} more | |"


def _named(resource: Resource) -> str:
    return f"{inert(resource.kind)} {inert(resource.name)}"


def _parts(resource: Resource) -> str:
    found = [inert(part) for part in changed_parts(resource)]
    more = [f"and {len(found) - _PARTS} more"] if len(found) > _PARTS else []
    return ", ".join([*found[:_PARTS], *more])
