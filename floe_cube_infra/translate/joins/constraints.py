"""Foreign-key constraints as edges, whether on a column or on the model.

dbt renders their target as a relation (`"shop"."shop"."customers"`), or keeps `ref('customers')`; older ones have all
of it in `expression`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from floe_cube_infra.inputs.dbt_manifest import Constraint
from floe_cube_infra.translate.joins.edges import Edge
from floe_cube_infra.translate.joins.model_names import ModelNames
from floe_cube_infra.translate.sources import SourceColumn, SourceModel

_EXPRESSION = re.compile(
    r"^\s*(?:references\s+)?(?P<to>[^\s(]+(?:\s*\.\s*[^\s(]+)*)\s*(?:\((?P<columns>[^)]*)\))?", re.IGNORECASE
)
_REF = re.compile(
    r"\bref\(\s*(?:['\"](?P<package>[^'\"]+)['\"]\s*,\s*)?['\"](?P<name>[^'\"]+)['\"]\s*"
    r"(?:,\s*v(?:ersion)?\s*=\s*['\"]?(?P<version>[\w.]+))?"
)
_QUOTES = str.maketrans("", "", "\"`'[]")


def constraint_edges(
    sources: Mapping[str, SourceModel], keys: Mapping[str, Sequence[SourceColumn]], names: ModelNames
) -> Iterator[Edge]:
    """The foreign keys of all models, as far as they lead to another of them.

    Args:
        sources: The nodes that become cubes, by `unique_id`.
        keys: Their primary keys, which a foreign key means that names no columns.
        names: The nodes by the names that `ref` takes.
    """
    foreign_keys = [(source, *key) for source in sources.values() for key in _foreign_keys(source)]
    relations = _relations(sources.values()) if foreign_keys else {}
    for source, columns, constraint in foreign_keys:
        to, to_columns = _target(constraint)
        target = _referred(to, source, names, relations)
        if target is None:
            continue
        to_columns = to_columns or [key.name for key in keys.get(target.node.unique_id, ())]
        if len(to_columns) == len(columns):
            yield Edge(
                node=source.node.unique_id,
                columns=tuple(map(_plain, columns)),
                to=target.node.unique_id,
                to_columns=tuple(map(_plain, to_columns)),
                origin="the foreign-key constraint",
            )


def _foreign_keys(source: SourceModel) -> Iterator[tuple[Sequence[str], Constraint]]:
    for constraint in source.node.constraints or ():
        if constraint.type == "foreign_key" and constraint.columns:
            yield constraint.columns, constraint
    for column in source.columns.values():
        for constraint in column.constraints:
            if constraint.type == "foreign_key":
                yield [column.name], constraint


def _target(constraint: Constraint) -> tuple[str, Sequence[str]]:
    if constraint.to:
        return constraint.to, constraint.to_columns or ()
    match = _EXPRESSION.match(constraint.expression or "")
    if match is None:
        return "", ()
    return match["to"], [column for column in (match["columns"] or "").split(",") if column.strip()]


def _referred(
    to: str, source: SourceModel, names: ModelNames, relations: Mapping[str, SourceModel | None]
) -> SourceModel | None:
    match = _REF.search(to)
    if match is not None:
        return names.find(match["name"], source, match["package"], match["version"])
    return relations.get(_plain(to)) or ("." not in to and names.find(_plain(to), source)) or None


def _relations(sources: Iterable[SourceModel]) -> dict[str, SourceModel | None]:
    """The nodes by `database.schema.table`, `schema.table` and `table`; None where that means several."""
    relations: dict[str, SourceModel | None] = {}
    for source in sources:
        node = source.node
        parts = _plain(node.relation_name or f"{node.database}.{node.schema}.{node.alias or node.name}").split(".")
        for start in range(len(parts)):
            name = ".".join(parts[start:])
            relations[name] = None if name in relations else source
    return relations


def _plain(name: str) -> str:
    return name.translate(_QUOTES).strip().lower()
