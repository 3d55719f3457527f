"""What changed between two snapshots, and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from floe_cube_infra.semantic_diff.changes import Action, Change, Effect
from floe_cube_infra.semantic_diff.rules import (
    added_effect,
    member_effect,
    removed_effect,
    setting_effect,
    thing_effect,
)
from floe_cube_infra.semantic_diff.snapshot import MemberKey, Properties, Snapshot, Thing

# What a renamed member may have changed beside its name.
_FOR_PEOPLE: Final = ("title", "description", "format", "meta")
# Worked out from everything else: told only where nothing else has changed.
_DERIVED: Final = ("access.joins", "access.members")
_SAME_CUBE: Final = 0.6
"""The share of members that two cubes or views must have in common for one to be the other under a new name."""

_IDENTITY: Final = ("sql_table", "extends")
_GRAVITY: Final = {effect: place for place, effect in enumerate(Effect)}


def compare(old: Snapshot, new: Snapshot) -> list[Change]:
    """Every change, the gravest first, then by name. Equal snapshots have none.

    Args:
        old: What there was.
        new: What there is.

    Raises:
        SnapshotError: A file can't be read.
    """
    changes = [*_settings(old.settings(), new.settings()), *(_asked(each, old, new) for each in _things(old, new))]
    return sorted(changes, key=lambda each: (_GRAVITY[each.effect], each.name, each.kind, each.aspect or ""))


def _asked(change: Change, old: Snapshot, new: Snapshot) -> Change:
    """The change, with whom to ask about it."""
    name = change.name.partition(".")[0]
    owners = new.owners.get(name) or old.owners.get(name)
    return change.model_copy(update={"owners": owners}) if owners else change


def _settings(old: Properties, new: Properties) -> Iterator[Change]:
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        if before != after:
            yield Change(
                effect=setting_effect(key, before, after),
                action="changed",
                kind="setting",
                name="settings",
                aspect=key,
                old=before,
                new=after,
            )


def _things(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    changed = [name for name in sorted({*old.paths, *new.paths}) if old.texts(name) != new.texts(name)]
    before = {name: thing for name in changed if (thing := old.thing(name)) is not None}
    after = {name: thing for name in changed if (thing := new.thing(name)) is not None}
    renamed = _renamed_things(before, after)
    for name, thing in before.items():
        if name in after:
            yield from _thing(thing, after[name])
        elif name in renamed:
            yield from _thing(thing, renamed[name])
        else:
            yield _whole("removed", thing, removed_effect(thing.kind, thing.properties))
    known = {*before, *(thing.name for thing in renamed.values())}
    yield from (
        _whole("added", thing, added_effect(thing.kind, thing.properties))
        for name, thing in after.items()
        if name not in known
    )


def _whole(action: Action, thing: Thing, effect: Effect) -> Change:
    return Change(effect=effect, action=action, kind=thing.kind, name=thing.name, origin=thing.origin)


def _renamed_things(before: Mapping[str, Thing], after: Mapping[str, Thing]) -> dict[str, Thing]:
    """Those that are gone, each with the only new one that it could have become."""
    gone = [thing for name, thing in before.items() if name not in after]
    come = [thing for name, thing in after.items() if name not in before]
    found = {}
    for thing in gone:
        alike = [each for each in come if _is_alike(thing, each)]
        if len(alike) == 1 and sum(_is_alike(each, alike[0]) for each in gone) == 1:
            found[thing.name] = alike[0]
    return found


def _is_alike(old: Thing, new: Thing) -> bool:
    if old.kind != new.kind or any(
        old.properties.get(key) != new.properties.get(key) for key in ("sql_table", "extends")
    ):
        return False
    everything = {*old.members, *new.members}
    return not everything or len(old.members.keys() & new.members.keys()) / len(everything) >= _SAME_CUBE


def _thing(old: Thing, new: Thing) -> Iterator[Change]:
    if old.name != new.name:
        yield Change(
            effect=Effect.BREAKS,
            action="renamed",
            kind=old.kind,
            name=old.name,
            old=old.name,
            new=new.name,
            origin=new.origin,
        )
    members = list(_members(old, new))
    properties = list(_properties(old, new))
    yield from members
    derived = [each for each in properties if each.aspect in _DERIVED]
    direct = [each for each in properties if each.aspect not in _DERIVED]
    told = {each.aspect for each in direct}
    # The access policy is written after `access`: one of them is enough.
    yield from (each for each in direct if each.aspect != "access_policy" or "access.access" not in told)
    if not members and not direct:
        yield from derived


def _properties(old: Thing, new: Thing) -> Iterator[Change]:
    for key in sorted({*old.properties, *new.properties}):
        before, after = old.properties.get(key), new.properties.get(key)
        if before != after:
            yield Change(
                effect=thing_effect(key, before, after),
                action="changed",
                kind=new.kind,
                name=new.name,
                aspect=key,
                old=before,
                new=after,
                origin=new.origin,
            )


def _members(old: Thing, new: Thing) -> Iterator[Change]:
    renamed = _renamed_members(old.members, new.members)
    taken = set(renamed.values())
    for key in [*old.members, *(key for key in new.members if key not in old.members)]:
        kind, name = key
        before, after = old.members.get(key), new.members.get(key)
        if before is not None and after is not None:
            yield from _member(key, before, after, new)
        elif before is not None and key in renamed:
            effect = Effect.COSMETIC if removed_effect(kind, before) is Effect.COSMETIC else Effect.BREAKS
            yield _of_member(new, kind, name, "renamed", effect, old=name, new=renamed[key][1])
            yield from _member(renamed[key], before, new.members[renamed[key]], new)
        elif before is not None:
            yield _of_member(new, kind, name, "removed", removed_effect(kind, before))
        elif after is not None and key not in taken:
            yield _of_member(new, kind, name, "added", added_effect(kind, after))


def _member(key: MemberKey, old: Properties, new: Properties, thing: Thing) -> Iterator[Change]:
    kind, name = key
    for each in sorted({*old, *new}):
        before, after = old.get(each), new.get(each)
        if before != after:
            effect = member_effect(kind, each, before, after)
            yield _of_member(thing, kind, name, "changed", effect, aspect=each, old=before, new=after)


def _of_member(
    thing: Thing,
    kind: str,
    name: str,
    action: Action,
    effect: Effect,
    *,
    aspect: str | None = None,
    old: object = None,
    new: object = None,
) -> Change:
    return Change(
        effect=effect,
        action=action,
        kind=kind,
        name=f"{thing.name}.{name}",
        aspect=aspect,
        old=old,
        new=new,
        origin=thing.origin,
    )


def _renamed_members(
    old: Mapping[MemberKey, Properties], new: Mapping[MemberKey, Properties]
) -> dict[MemberKey, MemberKey]:
    """Those that are gone, each with the only new one that is the same under another name."""
    gone, come = ([key for key in one if key not in other] for one, other in ((old, new), (new, old)))
    found: dict[MemberKey, MemberKey] = {}
    for key in gone:
        same = _same(key, old[key], come, new)
        if len(same) == 1 and len(_same(same[0], new[same[0]], gone, old)) == 1:
            found[key] = same[0]
    return found


def _same(
    key: MemberKey, properties: Properties, among: Sequence[MemberKey], known: Mapping[MemberKey, Properties]
) -> list[MemberKey]:
    essence = _essence(properties)
    return [each for each in among if each[0] == key[0] and _essence(known[each]) == essence]


def _essence(properties: Properties) -> Properties:
    return {key: value for key, value in properties.items() if key not in _FOR_PEOPLE}
