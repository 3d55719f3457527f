"""What differs between two semantic models, in the model's own terms.

Every difference is told, by the fields of the types in `model`, so that a field that is new there is told, too.
Values are compared as JSON: 1 and true are equal in Python, but not in a model's file.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

from floe_cube_infra.model.access import AccessRule
from floe_cube_infra.model.cubes import CubeSchema, RoleCube, SemanticModel
from floe_cube_infra.model.frozen import Frozen
from floe_cube_infra.model.views import CubeView

Change = Literal["added", "removed", "changed"]
CubeKind = Literal["cube", "role cube", "view"]

_MEMBERS: Final = {
    "dimensions": "dimension",
    "measures": "measure",
    "segments": "segment",
    "hierarchies": "hierarchy",
    "joins": "join",
    "pre_aggregations": "pre-aggregation",
    "cubes": "cube",
    "folders": "folder",
}
"""Fields of cubes and views that hold named things, by what one of these is called."""

_QUERYABLE: Final = frozenset({"dimension", "measure", "segment"})
_PLURALS: Final = {"hierarchy": "hierarchies"}
_SIGNS: Final[dict[Change, str]] = {"added": "+", "removed": "-", "changed": "~"}

_Document = Mapping[str, Any]


class MemberChange(Frozen):
    """What happened to a part of a cube or view.

    Attributes:
        change: Whether it came, went, or is another now.
        kind: `dimension`, `measure`, `join` and so on; `member` for what a view takes from its cubes.
        name: Its name; for a cube in a view the join path.
        fields: What of it changed; empty for added and removed ones.
    """

    change: Change
    kind: str
    name: str
    fields: tuple[str, ...] = ()


class CubeChange(Frozen):
    """What happened to a cube or view.

    Attributes:
        change: Whether it came, went, or is another now.
        kind: Which of these it is.
        name: Its name.
        fields: What of its own changed.
        members: What happened to its parts; all of them where it was added, none where it was removed.
    """

    change: Change
    kind: CubeKind
    name: str
    fields: tuple[str, ...] = ()
    members: tuple[MemberChange, ...] = ()


class ModelChanges(Frozen):
    """What differs between two models, sorted by name; falsy if nothing does."""

    cubes: tuple[CubeChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cubes)


def model_changes(old: SemanticModel, new: SemanticModel) -> ModelChanges:
    """What has to be said of `new` to someone who knows `old`."""
    before, after = _parts(old), _parts(new)
    rules_before, rules_after = _rules(old), _rules(new)
    keys = sorted(before.keys() | after.keys(), key=lambda key: (key[1], key[0]))
    found = [
        change
        for key in keys
        if (change := _cube_change(key, before.get(key), after.get(key), rules_before, rules_after))
    ]
    return ModelChanges(cubes=tuple(found))


def change_lines(changes: ModelChanges) -> list[str]:
    """One line a cube or view: `orders: + dimension coupon, ~ measure revenue (sql)`."""
    return [_line(change) for change in changes.cubes]


def _parts(model: SemanticModel) -> dict[tuple[CubeKind, str], CubeSchema | RoleCube | CubeView]:
    kinds: tuple[tuple[CubeKind, Sequence[CubeSchema | RoleCube | CubeView]], ...] = (
        ("cube", model.cubes),
        ("role cube", model.roles),
        ("view", model.views),
    )
    return {(kind, part.name): part for kind, parts in kinds for part in parts}


def _rules(model: SemanticModel) -> dict[str, AccessRule]:
    return {rule.name: rule for rule in model.access_rules}


def _cube_change(
    key: tuple[CubeKind, str],
    old: Frozen | None,
    new: Frozen | None,
    rules_before: Mapping[str, AccessRule],
    rules_after: Mapping[str, AccessRule],
) -> CubeChange | None:
    kind, name = key
    if new is None:
        return CubeChange(change="removed", kind=kind, name=name)
    if old is None:
        return CubeChange(change="added", kind=kind, name=name, members=tuple(_all_added(new.model_dump(mode="json"))))
    fields: list[str] = []
    members: list[MemberChange] = []
    # Most are equal: their text tells it many times faster than a walk through their fields.
    if old.model_dump_json() != new.model_dump_json():
        fields, members = _differences(old.model_dump(mode="json"), new.model_dump(mode="json"))
    rule_fields, rule_members = _rule_differences(kind, rules_before.get(name), rules_after.get(name))
    known = {member.name for member in members if member.kind in _QUERYABLE}
    has_new_joins = any(member.kind == "join" for member in members)
    fields += [item for item in rule_fields if item not in fields and not (item == "joins" and has_new_joins)]
    members += [member for member in rule_members if member.name not in known]
    if not fields and not members:
        return None
    return CubeChange(change="changed", kind=kind, name=name, fields=tuple(fields), members=tuple(members))


def _differences(old: _Document, new: _Document) -> tuple[list[str], list[MemberChange]]:
    fields, members = [], []
    for field in new:
        if field not in _MEMBERS:
            fields += [field] if _differs(old[field], new[field]) else []
            continue
        before, after = _by_name(old[field]), _by_name(new[field])
        members += _member_changes(_MEMBERS[field], before, after)
        if [key for key in before if key in after] != [key for key in after if key in before]:
            fields.append(f"order of {field}")
    return fields, members


def _member_changes(
    kind: str, before: Mapping[tuple[str, int], _Document], after: Mapping[tuple[str, int], _Document]
) -> list[MemberChange]:
    found = []
    for key in sorted(before.keys() | after.keys()):
        name = key[0]
        if key not in before:
            found.append(MemberChange(change="added", kind=kind, name=name))
        elif key not in after:
            found.append(MemberChange(change="removed", kind=kind, name=name))
        elif fields := _fields_that_differ(before[key], after[key]):
            found.append(MemberChange(change="changed", kind=kind, name=name, fields=fields))
    return found


def _rule_differences(
    kind: CubeKind, old: AccessRule | None, new: AccessRule | None
) -> tuple[list[str], list[MemberChange]]:
    """What changed in who may see what, as far as it is not a change of the cube itself."""
    if old is None or new is None:
        return ([] if old is new else ["access rule"]), []
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    fields = [field for field in _fields_that_differ(before, after) if field != "members"]
    reach_before, reach_after = before["members"], after["members"]
    members = []
    for name in sorted(reach_before.keys() | reach_after.keys()):
        # A view's rule has every member of the view; a cube's only those that reach beyond the cube.
        change: Change = "changed"
        if kind == "view" and name not in reach_before:
            change = "added"
        elif kind == "view" and name not in reach_after:
            change = "removed"
        elif name in reach_before and name in reach_after and reach_before[name] == reach_after[name]:
            continue
        members.append(
            MemberChange(change=change, kind="member", name=name, fields=("reach",) if change == "changed" else ())
        )
    return fields, members


def _all_added(document: _Document) -> Iterable[MemberChange]:
    for field, kind in _MEMBERS.items():
        for name, _ in _by_name(document.get(field, ())):
            yield MemberChange(change="added", kind=kind, name=name)


def _by_name(items: Iterable[_Document]) -> dict[tuple[str, int], _Document]:
    """The items by name, and by how often the name occurred before."""
    seen: Counter[str] = Counter()
    named = {}
    for item in items:
        name = item["name"] if "name" in item else item["join_path"]
        named[name, seen[name]] = item
        seen[name] += 1
    return named


def _fields_that_differ(old: _Document, new: _Document) -> tuple[str, ...]:
    return tuple(field for field in new if _differs(old[field], new[field]))


def _differs(old: object, new: object) -> bool:
    return json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True)


def _line(change: CubeChange) -> str:
    subject = change.name if change.kind == "cube" else f"{change.kind} {change.name}"
    if change.change == "removed":
        return f"{subject}: removed"
    if change.change == "added":
        counts = Counter(member.kind for member in change.members)
        inside = ", ".join(_counted(kind, counts[kind]) for kind in _MEMBERS.values() if counts[kind])
        return f"{subject}: added ({inside})" if inside else f"{subject}: added"
    own = [f"~ {field}" for field in change.fields]
    return f"{subject}: {', '.join([*own, *map(_member_text, change.members)])}"


def _member_text(member: MemberChange) -> str:
    fields = f" ({', '.join(member.fields)})" if member.fields else ""
    return f"{_SIGNS[member.change]} {member.kind} {member.name}{fields}"


def _counted(kind: str, count: int) -> str:
    return f"{count} {kind if count == 1 else _PLURALS.get(kind, f'{kind}s')}"
