"""What changed between two values: the paths, and whether something was added, deleted or updated there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from floe_cube_infra.offline.property_path import Path
from floe_cube_infra.offline.wire import Secret, Unknown, Value


class ChangeKind(Enum):
    """What happened at a path; the values are the names in Pulumi's protocol."""

    ADD = "ADD"
    DELETE = "DELETE"
    UPDATE = "UPDATE"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: where, what happened, and the value before and after (None where there is none)."""

    path: Path
    kind: ChangeKind
    old: Value = None
    new: Value = None


def changes(old: Value, new: Value, path: Path = ()) -> Iterator[Change]:
    """Gives the changes that lead from `old` to `new`, at the deepest paths that both share.

    Secrets are compared by their values, lists item by item, and a value that isn't known yet counts as
    changed. A key that is absent differs from one that is null.
    """
    old, new = _opened(old), _opened(new)
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            below = (*path, key)
            if key not in new:
                yield Change(below, ChangeKind.DELETE, old=old[key])
            elif key not in old:
                yield Change(below, ChangeKind.ADD, new=new[key])
            else:
                yield from changes(old[key], new[key], below)
    elif isinstance(old, list) and isinstance(new, list):
        shared = min(len(old), len(new))
        for index in range(shared):
            yield from changes(old[index], new[index], (*path, index))
        for index in range(shared, len(new)):
            yield Change((*path, index), ChangeKind.ADD, new=new[index])
        for index in range(shared, len(old)):
            yield Change((*path, index), ChangeKind.DELETE, old=old[index])
    elif isinstance(new, Unknown) or not _same(old, new):
        yield Change(path, ChangeKind.UPDATE, old=old, new=new)


def _opened(value: Value) -> Value:
    while isinstance(value, Secret):
        value = value.value
    return value


def _same(old: Value, new: Value) -> bool:
    # True == 1 in Python, and they aren't the same in a manifest.
    return old == new and isinstance(old, bool) == isinstance(new, bool)
