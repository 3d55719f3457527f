"""What stands above a graph: how much there is, what the signs mean, and where the folders are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from floe_cube_infra.graph import lettering
from floe_cube_infra.graph.layout import Layout
from floe_cube_infra.graph.markup import attribute, number, text
from floe_cube_infra.graph.model_graph import ModelGraph

_ROW: Final = 21.0
_BETWEEN: Final = 26.0
_WIDEST: Final = 1400.0
_HEADING: Final = 17
_LONGEST: Final = 80
_SPOKEN: Final = 10


def head(heading: str, graph: ModelGraph, layout: Layout, prefix: str) -> tuple[list[str], float, float]:
    """Lines of SVG from (0, 0) on, their width and their height, in pixels.

    Args:
        heading: The first line.
        graph: What is drawn.
        layout: As it is drawn.
        prefix: Before every name of a place to go to.
    """
    shown, told = lettering.shortened(heading, _LONGEST), summary(graph)
    lines = [f'<text class="heading" x="0" y="17">{text(shown)}</text>']
    lines.append(f'<text class="plain" x="0" y="37">{text(told)}</text>')
    widest = max(lettering.width(shown, _HEADING), lettering.width(told, 11))
    top = 50.0
    for entries in ([*_signs(graph), *_standing(layout)], list(_folders(layout, prefix))):
        drawn, width, top = _rows(entries, top)
        lines += drawn
        widest = max(widest, width)
    return lines, widest, top


def panel_id(prefix: str, folder: str) -> str:
    """What the first panel of a folder is called as a place to go to."""
    return f"{prefix}folder-{folder}"


def summary(graph: ModelGraph) -> str:
    """How much there is, in one line."""
    kinds = [node.kind for node in graph.nodes]
    counts = [
        (kinds.count("cube"), "cube"),
        (kinds.count("role"), "cube in a further role"),
        (kinds.count("view"), "view"),
    ]
    counts.append((len(graph.drawn_joins()), "join"))
    told = [f"{count} {_plural(word) if count != 1 else word}" for count, word in counts if count]
    access = [node.access for node in graph.nodes if node.kind == "cube"]
    rows = (("filter", "filtered"), ("unfiltered", "unfiltered"), ("refused", "refusing"))
    found = [f"{access.count(kind)} {word}" for kind, word in rows if kind in access]
    return ", ".join(told or ["nothing"]) + (f" \u2013 of the cubes {', '.join(found)}" if found else "")


def spoken(graph: ModelGraph) -> str:
    """What the picture says, for those who hear it."""
    most = sorted(graph.joined_by().items(), key=lambda each: (-each[1], each[0]))[:_SPOKEN]
    return summary(graph) + (
        f". Most joined: {', '.join(f'{name} by {count}' for name, count in most)}." if most else "."
    )


def _plural(word: str) -> str:
    return word.replace("cube", "cubes") if word.startswith("cube") else f"{word}s"


def _rows(entries: Sequence[tuple[str, str, str]], top: float) -> tuple[list[str], float, float]:
    """Signs with their words, from left to right, as many rows as they need."""
    lines: list[str] = []
    x, y, widest = 0.0, top, 0.0
    for sign, words, link in entries:
        left = 30 if sign else 0
        width = left + lettering.width(words, 11)
        if x and x + width > _WIDEST:
            x, y = 0.0, y + _ROW
        label = f'<text class="plain" x="{left}" y="11">{text(words)}</text>'
        drawn = f"<a href={attribute(f'#{link}')}>{label}</a>" if link else label
        lines.append(f'<g transform="translate({number(x)} {number(y)})">{sign}{drawn}</g>')
        widest = max(widest, x + width)
        x += width + _BETWEEN
    return lines, widest, y + _ROW if lines else top


def _folders(layout: Layout, prefix: str) -> Iterator[tuple[str, str, str]]:
    counts: dict[str, int] = {}
    for panel in layout.panels:
        if panel.title:
            counts[panel.folder] = counts.get(panel.folder, 0) + len(panel.boxes)
    for folder, count in counts.items():
        yield "", f"{lettering.shortened(folder)} ({count})", panel_id(prefix, folder)


def _standing(layout: Layout) -> Iterator[tuple[str, str, str]]:
    """What makes boxes stand out."""
    ties = [box.ties for panel in layout.panels for box in panel.boxes]
    box = '<rect class="box" x="1" y="1" width="20" height="12" rx="2"/>'
    if any(each.is_fact for each in ties):
        yield f'<g class="fact">{box}</g>', "joins several, as facts do", ""
    if any(each.is_hub for each in ties):
        yield f'<g class="hub">{box}</g>', "several are joined to it", ""


def _signs(graph: ModelGraph) -> Iterator[tuple[str, str, str]]:
    access = {node.access for node in graph.nodes}
    marks = {node.mark for node in graph.nodes}
    ends = {end for join in graph.joins for end in join.ends}
    if "many" in ends:
        yield '<g class="join"><path d="M0 7H22M11 7L0 2M11 7L0 12"/></g>', "many rows", ""
    if "one" in ends:
        yield '<g class="join"><path d="M0 7H22M14 2V12"/></g>', "one row", ""
    for kind, sign, words in (
        (
            "filter",
            '<path class="full" d="M6 2H16L12.2 6.5V11L9.8 9.5V6.5Z"/>',
            "rows filtered by a claim of the token",
        ),
        ("unfiltered", '<circle cx="11" cy="7" r="4.2"/>', "all rows to every valid token"),
        ("refused", '<circle cx="11" cy="7" r="4.2"/><path d="M8 7H14"/>', "no rows to anyone"),
    ):
        if kind in access:
            yield f'<g class="{kind}"><g class="sign">{sign}</g></g>', words, ""
    if any(node.kind == "view" for node in graph.nodes):
        yield '<g class="view"><rect class="box" x="0" y="1" width="22" height="12" rx="6"/></g>', "view", ""
    for mark in ("added", "removed", "renamed", "changed"):
        if mark in marks:
            yield f'<g class="{mark}"><rect class="box" x="1" y="1" width="20" height="12" rx="2"/></g>', mark, ""
