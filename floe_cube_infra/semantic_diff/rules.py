"""What a change of each property means. Where it is unclear who may see more afterwards, it is taken to widen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from floe_cube_infra.semantic_diff.changes import Effect

_CONJUNCTION: Final = re.compile(r"\s+AND\s+", re.IGNORECASE)
_FOR_PEOPLE: Final = frozenset({"title", "description", "format", "meta", "drill_members", "folders", "levels"})
# How much is open, from least to most.
_ROW_ACCESS: Final = ("refused", "filter", "unfiltered")
_SQL_API: Final = ("off", "perOrganization", "shared")

Json: TypeAlias = Any
"""A value as it stands in a file."""
Rule = Callable[[Json, Json], Effect]


def added_effect(kind: str, properties: Mapping[str, Any]) -> Effect:
    """What it means that something is new."""
    access = properties.get("access.access")
    if isinstance(access, dict) and access.get("kind") == "unfiltered" and kind == "cube":
        return Effect.WIDENS
    return Effect.COSMETIC if kind in ("pre-aggregation", "hierarchy") else Effect.ADDS


def removed_effect(kind: str, properties: Mapping[str, Any]) -> Effect:
    """What it means that something is gone."""
    is_unseen = kind in ("pre-aggregation", "hierarchy") or properties.get("public") is False
    return Effect.COSMETIC if is_unseen else Effect.BREAKS


def thing_effect(key: str, old: object, new: object) -> Effect:
    """What a changed property of a cube or view means."""
    if key in _FOR_PEOPLE:
        return Effect.COSMETIC
    rule = _OF_THINGS.get(key)
    return Effect.NUMBERS if rule is None else _applied(rule, old, new)


def member_effect(kind: str, key: str, old: object, new: object) -> Effect:
    """What a changed property of a member means."""
    if kind in ("pre-aggregation", "hierarchy") or key in _FOR_PEOPLE:
        return Effect.COSMETIC
    if key == "public":
        return _public(old, new)
    if key == "mask":
        return Effect.NUMBERS if old is None else Effect.WIDENS
    if (kind, key) in _OF_MEMBERS:
        return _OF_MEMBERS[kind, key](old, new)
    return Effect.BREAKS if kind == "all members" else Effect.NUMBERS


def setting_effect(key: str, old: object, new: object) -> Effect:
    """What a changed setting of the gateway means."""
    if key.startswith(("limits.", "observation")) or key in _OF_OPERATION:
        is_smaller = isinstance(old, int) and isinstance(new, int) and new < old
        return Effect.BREAKS if is_smaller and not key.startswith("observation") else Effect.COSMETIC
    rule = _OF_SETTINGS.get(key)
    return Effect.WIDENS if rule is None else _applied(rule, old, new)


def _applied(rule: Rule, old: Json, new: Json) -> Effect:
    try:
        return rule(old, new)
    except (AttributeError, KeyError, TypeError, ValueError):
        # Of a form that this version doesn't know.
        return Effect.WIDENS


def _public(old: object, new: object) -> Effect:
    if new is False:
        return Effect.BREAKS
    return Effect.WIDENS if old is False else Effect.COSMETIC


def _row_access(old: Json, new: Json) -> Effect:
    before, after = (_ROW_ACCESS.index(each["kind"]) for each in (old, new))
    if after != before:
        return Effect.WIDENS if after > before else Effect.BREAKS if after == 0 else Effect.NUMBERS
    kept = all(each in new["filters"] for each in old["filters"]) if after == 1 else False
    return Effect.NUMBERS if kept else Effect.WIDENS


def _widens(*_: object) -> Effect:
    return Effect.WIDENS


def _fewer_is_wider(old: Json, new: Json) -> Effect:
    return Effect.BREAKS if set(old or ()) <= set(new or ()) else Effect.WIDENS


def _more_is_wider(old: Json, new: Json) -> Effect:
    return Effect.BREAKS if set(new or ()) <= set(old or ()) else Effect.WIDENS


def _clear(old: Json, new: Json) -> Effect:
    is_less = all((old or {}).get(member) == what for member, what in (new or {}).items())
    return Effect.BREAKS if is_less else Effect.WIDENS


def _join(old: Json, new: Json) -> Effect:
    """A join may be what keeps the rows of different owners apart."""
    before, after = (set(_CONJUNCTION.split(str(each))) for each in (old, new))
    return Effect.NUMBERS if before <= after else Effect.WIDENS


def _breaks(*_: object) -> Effect:
    return Effect.BREAKS


def _excludes(old: Json, new: Json) -> Effect:
    return Effect.ADDS if set(new or ()) <= set(old or ()) else Effect.BREAKS


def _switched(wide: object) -> Rule:
    return lambda _, new: Effect.WIDENS if new == wide else Effect.BREAKS


def _demanded(old: object, new: object) -> Effect:
    return Effect.BREAKS if old is None and new is not None else Effect.WIDENS


def _greater_is_wider(old: Json, new: Json) -> Effect:
    return Effect.WIDENS if (new or 0) > (old or 0) else Effect.BREAKS


def _sql_api(old: Json, new: Json) -> Effect:
    ranks = [_SQL_API.index(each) if each in _SQL_API else len(_SQL_API) for each in (old, new)]
    return Effect.WIDENS if ranks[1] > ranks[0] else Effect.BREAKS


def _exempt_roles(old: Json, new: Json) -> Effect:
    before = old or {}
    is_less = all(set(roles) <= set(before.get(claim, ())) for claim, roles in (new or {}).items())
    return Effect.NUMBERS if is_less else Effect.WIDENS


_OF_THINGS: Final[Mapping[str, Rule]] = {
    "public": _public,
    "access_policy": _widens,
    "access.access": _row_access,
    "access.hidden": _fewer_is_wider,
    "access.clear": _clear,
    "access.joins": _widens,
    "access.members": _widens,
}
_OF_MEMBERS: Final[Mapping[tuple[str, str], Rule]] = {
    ("dimension", "type"): _breaks,
    ("join", "sql"): _join,
    ("all members", "excludes"): _excludes,
}
_OF_OPERATION: Final = frozenset({"rowLimit", "preAggregationsSchema", "refreshTimeZones", "version", "jwt.maxBytes"})
_OF_SETTINGS: Final[Mapping[str, Rule]] = {
    "rowLevelSecurity.enabled": _switched(wide=False),
    "rowLevelSecurity.claims": _fewer_is_wider,
    "rowLevelSecurity.claimTypes": _breaks,
    "rowLevelSecurity.exemptRoles": _exempt_roles,
    "jwt.algorithms": _more_is_wider,
    "jwt.audience": _demanded,
    "jwt.issuer": _demanded,
    "jwt.clockToleranceSeconds": _greater_is_wider,
    "devMode": _switched(wide=True),
    "sqlApi": _sql_api,
    "apiScopes": _more_is_wider,
    "corsOrigins": _more_is_wider,
}
