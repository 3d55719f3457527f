"""Foreign-key constraints as edges, whether on a column or on the model.

dbt renders their target as a relation (`"shop"."shop"."customers"`), or keeps `ref('customers')`; older ones have all
of it in `expression`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from floe_cube_infra.inputs.dbt_manifest import Constraint
from floe_cube_infra.translate.joins.edges import Edge
from floe_cube_infra.translate.sources import SourceModel

_EXPRESSION = re.compile(
    r"^\s*(?:references\s+)?(?P<to>[^\s(]+(?:\s*\.\s*[^\s(]+)*)\s*\((?P<columns>[^)]*)\)", re.IGNORECASE
)
_REF = re.compile(r"\bref\(\s*(?:['\"][^'\"]+['\"]\s*,\s*)?['\"](?P<name>[^'\"]+)['\"]")
_QUOTES = str.maketrans("", "", "\"`'[]")


def constraint_edges(sources: Mapping[str, SourceModel]) -> Iterator[Edge]:
    """The foreign keys of all models, as far as they lead to another of them."""
    by_relation = {_plain(_relation(source)): source for source in sources.values()}
    by_name = {source.node.name.lower(): source for source in sources.values()}
    for source in sources.values():
        for columns, constraint in _foreign_keys(source):
            to, to_columns = _target(constraint)
            target = by_relation.get(_plain(to)) or by_name.get(_name(to))
            if target is None or not to_columns or len(to_columns) != len(columns):
                continue
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
    return match["to"], [column for column in match["columns"].split(",") if column.strip()]


def _relation(source: SourceModel) -> str:
    node = source.node
    return node.relation_name or ".".join(filter(None, (node.database, node.schema, node.alias or node.name)))


def _name(to: str) -> str:
    match = _REF.search(to)
    return (match["name"] if match else _plain(to).rpartition(".")[2]).lower()


def _plain(name: str) -> str:
    return name.translate(_QUOTES).strip().lower()
