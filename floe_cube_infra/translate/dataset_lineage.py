"""What each member of the model is made of: columns of the cube's own table, and other members."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from floe_cube_infra.model.cubes import CubeSchema, SemanticModel
from floe_cube_infra.model.dataset_lineage import (
    CubeLineage,
    Dataset,
    MemberLineage,
    ModelLineage,
    WarehouseNames,
)
from floe_cube_infra.model.views import CubeView, ViewCube
from floe_cube_infra.translate.references import CONTEXT, references

_OWN_COLUMN: Final = re.compile(r'\{CUBE\}\.(?:"((?:[^"]|"")+)"|`([^`]+)`|([A-Za-z_]\w*))')
# Where columns may stand without their table: not in texts, references and what follows a dot.
_NO_WORDS: Final = re.compile(r"'(?:[^']|'')*'|\{[^{}]*\}(?:\.[\w\"`]+)?|\.\w+")
_WORD: Final = re.compile(r"[A-Za-z_]\w*")
_NAME_PART: Final = re.compile(r'"((?:[^"]|"")*)"|`([^`]*)`|([^.\s"`]+)')
_MOST_NAME_PARTS: Final = 3


def model_lineage(model: SemanticModel, names: WarehouseNames) -> ModelLineage:
    """The lineage of all cubes, roles and views.

    Args:
        model: The semantic model.
        names: What completes the names of tables.
    """
    by_name = {cube.name: cube for cube in model.cubes}
    cubes = {cube.name: _cube(cube, cube.name, names, by_name) for cube in model.cubes}
    for role in model.roles:
        cubes[role.name] = _cube(by_name[role.extends], role.name, names, by_name)
    views = {view.name: _view(view, cubes) for view in model.views}
    return ModelLineage(cubes=dict(sorted({**cubes, **views}.items())))


def table_dataset(sql_table: str, names: WarehouseNames) -> Dataset:
    """A table by its full name, without quotes: `"shop"."public"."orders"` is `shop.public.orders`.

    Args:
        sql_table: As SQL has it; with one database and one set of quotes for all of it, too (BigQuery).
        names: What completes its name.
    """
    parts = [(double or back or bare).replace('""', '"') for double, back, bare in _NAME_PART.findall(sql_table)]
    parts = [part for each in parts for part in (each.split(".") if len(parts) == 1 else [each])]
    if len(parts) < _MOST_NAME_PARTS and names.database is not None:
        parts = [names.database, *parts]
    return Dataset(namespace=names.namespace, name=".".join(parts))


def _cube(cube: CubeSchema, name: str, names: WarehouseNames, cubes: Mapping[str, CubeSchema]) -> CubeLineage:
    columns = {column for each in cube.dimensions for column in _own_columns(each.sql)}
    own = {each.name for part in (cube.dimensions, cube.measures, cube.segments) for each in part}

    def lineage(kind: str, texts: Iterable[str]) -> MemberLineage:
        found = sorted({column for sql in texts for column in _columns(sql, columns)})
        members = sorted({member for sql in texts for member in _members(sql, name, cube.name, own, cubes)})
        return MemberLineage(kind, tuple(found), tuple(members))

    members = {each.name: lineage(each.type, (each.sql,)) for each in cube.dimensions}
    for measure in cube.measures:
        texts = (*((measure.sql,) if measure.sql else ()), *(each.sql for each in measure.filters))
        members[measure.name] = lineage(measure.type, texts)
    return CubeLineage(table_dataset(cube.sql_table, names), dict(sorted(members.items())))


def _own_columns(sql: str) -> Iterable[str]:
    return (quoted.replace('""', '"') or ticked or bare for quoted, ticked, bare in _OWN_COLUMN.findall(sql))


def _columns(sql: str, known: set[str]) -> Iterable[str]:
    yield from _own_columns(sql)
    words = _WORD.findall(_NO_WORDS.sub(" ", sql))
    # A measure of one column may name one that no dimension has.
    alone = _WORD.fullmatch(sql.strip()) is not None
    yield from (word for word in words if alone or word in known)


def _members(sql: str, name: str, own_name: str, own: set[str], cubes: Mapping[str, CubeSchema]) -> Iterable[str]:
    for first, *rest in references(sql):
        steps = rest if first in CONTEXT or first == own_name else [first, *rest]
        if not steps:
            continue
        if steps[0] in own:
            yield f"{name}.{steps[0]}"
        elif steps[0] in cubes and len(steps) > 1:
            # Through joins: the last cube's member.
            at = max((place for place, step in enumerate(steps[:-1]) if step in cubes), default=0)
            yield f"{steps[at]}.{steps[at + 1]}"


def _view(view: CubeView, cubes: Mapping[str, CubeLineage]) -> CubeLineage:
    members: dict[str, MemberLineage] = {}
    for part in view.cubes:
        cube = part.join_path.rpartition(".")[2]
        found = cubes[cube].members if cube in cubes else {}
        for member, alias in _taken(part, found):
            # Segments have no lineage; they select rows.
            if member in found:
                named = f"{part.alias or cube}_{alias}" if part.prefix else alias
                members[named] = MemberLineage(found[member].type, (), (f"{cube}.{member}",))
    return CubeLineage(None, dict(sorted(members.items())))


def _taken(part: ViewCube, found: Mapping[str, MemberLineage]) -> Iterable[tuple[str, str]]:
    if part.includes == "*":
        return ((member, member) for member in found if member not in part.excludes)
    return ((each, each) if isinstance(each, str) else (each.name, each.alias or each.name) for each in part.includes)
