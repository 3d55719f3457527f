"""The part of the model's graph that changes: cubes and views, what became of them, and what they are joined to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from floe_cube_infra.graph.folders import folder
from floe_cube_infra.graph.model_graph import GraphJoin, GraphNode, Mark, ModelGraph
from floe_cube_infra.semantic_diff.changes import Change, Effect
from floe_cube_infra.semantic_diff.snapshot import Snapshot, Thing

MOST: Final = 60
"""Cubes and views that the graph has; the gravest changes come first, then what is joined to them."""

_WORDS: Final[Mapping[Effect, str]] = {
    Effect.WIDENS: "may widen who sees what",
    Effect.BREAKS: "breaks queries",
    Effect.NUMBERS: "other numbers",
    Effect.ADDS: "more to ask",
    Effect.COSMETIC: "cosmetic",
}
_ORIGIN: Final = re.compile(r"(\S+)(?: \((.+)\))?")


def changed_graph(old: Snapshot, new: Snapshot, changes: Sequence[Change]) -> ModelGraph:
    """The changed part, with marks; its nodes in the order of their importance.

    Args:
        old: What there was.
        new: What there is.
        changes: Of the one to the other, the gravest first.

    Raises:
        SnapshotError: A file can't be read.
    """
    marks = _marks(changes)
    if not marks:
        return ModelGraph()
    renamed = {str(each.new): each.name for each in changes if _is_whole(each) and each.action == "renamed"}
    names = [*marks, *(name for name in _neighbours(old, new, marks, renamed) if name not in marks)]
    shown = names[:MOST]
    before = {name: old.thing(renamed.get(name, name)) for name in shown if name in marks}
    after = {name: new.thing(name) for name in shown}
    nodes = [
        _node(thing, *marks.get(name, (None, "")))
        for name in shown
        if (thing := after[name] or before.get(name)) is not None
    ]
    joins = [join for name in shown for join in _joins(name, before.get(name), after[name], name in marks)]
    # A cube in a further role joins what the one does that it extends, which is drawn there.
    tied = {name for join in joins for name in (join.cube, join.to)} | {
        name for node in nodes if node.uses for name in (node.name, *node.uses)
    }
    graph = ModelGraph(nodes=tuple(nodes), joins=tuple(joins), left_out=len(names) - len(shown))
    return graph.only(node.name for node in nodes if node.mark is not None or node.name in tied)


def _marks(changes: Sequence[Change]) -> dict[str, tuple[Mark, str]]:
    """What became of each cube and view by its new name, the gravest first."""
    found: dict[str, tuple[Mark, str]] = {}
    whole = {str(each.new) if each.action == "renamed" else each.name: each for each in changes if _is_whole(each)}
    for change in changes:
        if change.kind == "setting":
            continue
        renamed = _is_whole(change) and change.action == "renamed"
        name = str(change.new) if renamed else change.name.partition(".")[0]
        mark: Mark = whole[name].action if name in whole else "changed"
        told = mark if mark == "added" and change.effect is Effect.ADDS else f"{mark}: {_WORDS[change.effect]}"
        found.setdefault(name, (mark, told))
    return found


def _is_whole(change: Change) -> bool:
    return change.kind in ("cube", "view") and change.aspect is None


def _neighbours(
    old: Snapshot, new: Snapshot, marks: Mapping[str, tuple[Mark, str]], renamed: Mapping[str, str]
) -> Iterator[str]:
    """What the changed ones join, and what joins them; first what has most to do with them."""
    ties: dict[str, int] = {}
    former = {renamed.get(name, name) for name in marks}
    for snapshot, changed in ((old, former), (new, set(marks))):
        for name, joined in snapshot.joined().items():
            found = joined if name in changed else [name] * len(changed.intersection(joined))
            for other in found:
                ties[other] = ties.get(other, 0) + 1
    known = new.paths.keys()
    return (name for name in sorted(ties, key=lambda name: (-ties[name], name)) if name in known)


def _node(thing: Thing, mark: Mark | None, told: str) -> GraphNode:
    access = thing.properties.get("access.access")
    rows = access if thing.kind == "cube" and isinstance(access, dict) else {}
    kinds = [kind for kind, _ in thing.members]
    extends = thing.properties.get("extends")
    origin = _ORIGIN.fullmatch(thing.origin or "")
    return GraphNode(
        name=thing.name,
        kind="view" if thing.kind == "view" else "cube" if extends is None else "role",
        access=rows.get("kind"),
        filter_columns=tuple(str(each["member"]) for each in rows.get("filters", ())),
        folder="" if origin is None else folder(origin[1], origin[2], with_package=False),
        dimensions=kinds.count("dimension"),
        measures=kinds.count("measure"),
        rollups=kinds.count("pre-aggregation"),
        extends=None if extends is None else str(extends),
        uses=tuple(dict.fromkeys(_used(thing))) if thing.kind == "view" else (),
        mark=mark,
        told=told,
    )


def _used(view: Thing) -> Iterable[str]:
    for (kind, name), properties in view.members.items():
        path = name if kind == "all members" else str(properties.get("from", "")).rpartition(".")[0]
        yield path.rpartition(".")[2]


def _joins(name: str, before: Thing | None, after: Thing | None, is_changed: bool) -> Iterator[GraphJoin]:
    was, now = ({} if each is None else dict(_declared(each)) for each in (before, after))
    for other in sorted({*was, *now}):
        mark: Mark | None = None
        if is_changed and was.get(other) != now.get(other):
            mark = "added" if other not in was else "removed" if other not in now else "changed"
        relationship = str(now.get(other, was.get(other, {})).get("relationship", ""))
        yield GraphJoin(cube=name, to=other, relationship=relationship, mark=mark)


def _declared(thing: Thing) -> Iterator[tuple[str, dict[str, object]]]:
    return ((name, properties) for (kind, name), properties in thing.members.items() if kind == "join")
