"""The primary key of a model.

It is taken from the first of these that says one:

`meta.cube.primary_key` (model, then columns); dbt constraints (model, then columns); the manifest's own
`primary_key`; a `unique` test on columns that `not_null` tests cover; the primary entity of a semantic model.

dbt infers its `primary_key` from unique tests: those that are mere warnings, disabled or leave rows out included, those
on several columns without asking which belong together, and all of them thrown together
(`ModelNode.infer_primary_key` of dbt-core). So it is held against the tests that guard, and only what they confirm is
taken.
"""

from __future__ import annotations

from collections.abc import Sequence

from floe_cube_infra.translate.guards import Guards
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.sources import SourceColumn, SourceModel


def primary_key(
    source: SourceModel, guards: Guards, entity: Sequence[str], issues: IssueLog
) -> tuple[SourceColumn, ...]:
    """The key's columns in the order given; empty if nothing says one.

    Args:
        source: The node.
        guards: What tests guarantee.
        entity: The columns of the node's primary entity in dbt's semantic layer; what is taken last.
        issues: Takes a key that names no column.
    """
    names = _declared(source) or _constrained(source) or _inferred(source, guards)
    if not names:
        known = (source.column(name) for name in entity)
        return _guarded(source, guards) or tuple(column for column in known if column is not None)
    columns = [source.column(name) for name in names]
    if None in columns:
        missing = ", ".join(name for name in names if source.column(name) is None)
        issues.warning(
            source.node,
            f"its primary key names {missing}, which is no column of it; the key is left out. "
            "Document the column, or mend meta.cube.primary_key",
        )
    return tuple(column for column in columns if column is not None) if None not in columns else ()


def _declared(source: SourceModel) -> tuple[str, ...]:
    return source.cube.primary_key or tuple(
        column.name for column in source.columns.values() if column.cube.primary_key
    )


def _constrained(source: SourceModel) -> tuple[str, ...]:
    for constraint in source.node.constraints or ():
        if constraint.type == "primary_key" and constraint.columns:
            return tuple(constraint.columns)
    return tuple(
        column.name
        for column in source.columns.values()
        if column.constraints and any(constraint.type == "primary_key" for constraint in column.constraints)
    )


def _inferred(source: SourceModel, guards: Guards) -> tuple[str, ...]:
    names = tuple(source.node.primary_key or ())
    unique, doubtful = (known.get(source.node.unique_id, ()) for known in (guards.unique, guards.doubtful))
    if not names or not (unique or doubtful):
        return names
    columns = {name.lower() for name in names}
    confirmed = [one for one in unique if columns.issuperset(one)]
    if not confirmed:
        return ()
    if len(confirmed) == 1 and len(confirmed[0]) == len(names):
        return names
    # Several keys thrown together: one that can't be null goes before the others.
    return tuple(column.name for column in _guarded(source, guards)) or _first(confirmed, source)


def _guarded(source: SourceModel, guards: Guards) -> tuple[SourceColumn, ...]:
    not_null = guards.not_null.get(source.node.unique_id, set()) | {
        column.name.lower()
        for column in source.columns.values()
        if column.constraints and any(constraint.type == "not_null" for constraint in column.constraints)
    }
    candidates = [
        columns
        for columns in guards.unique.get(source.node.unique_id, ())
        if not_null.issuperset(columns) and all(source.column(name) for name in columns)
    ]
    return tuple(source.columns[name] for name in _first(candidates, source)) if candidates else ()


def _first(candidates: Sequence[tuple[str, ...]], source: SourceModel) -> tuple[str, ...]:
    """The shortest; of several the one whose columns come first. Its columns are in the model's order."""
    order = {name: place for place, name in enumerate(source.columns)}
    places = [sorted((order.get(name, len(order)), name) for name in columns) for columns in candidates]
    return tuple(name for _, name in min(places, key=lambda columns: (len(columns), columns)))
