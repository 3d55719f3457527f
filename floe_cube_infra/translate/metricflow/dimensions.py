"""Dimensions and entities that are more than a documented column become dimensions of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from floe_cube_infra.inputs import cube_meta
from floe_cube_infra.inputs.cube_meta import ColumnMeta
from floe_cube_infra.inputs.dbt_semantics import SemanticDimension, SemanticEntity
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.members import CubeDimension, DimensionType
from floe_cube_infra.naming import identifier
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.metricflow.expressions import in_parentheses, of_cube, plain_column
from floe_cube_infra.translate.metricflow.index import BoundModel, SemanticIndex, expression_of, place
from floe_cube_infra.translate.metricflow.member_names import MemberNames
from floe_cube_infra.translate.metricflow.unsupported import CannotSay
from floe_cube_infra.translate.metricflow.visible import Visible

Element = SemanticDimension | SemanticEntity


@dataclass(frozen=True, kw_only=True)
class ElementMembers:
    """The dimensions that elements of semantic models have become.

    Attributes:
        dimensions: The additional ones, by the `unique_id` of the node.
        names: The name of each element's dimension, by semantic model and element; those of columns among them.
    """

    dimensions: Mapping[str, tuple[CubeDimension, ...]]
    names: Mapping[tuple[str, str], str]


def element_members(
    index: SemanticIndex, names: MemberNames, database_type: DatabaseType, visible: Visible, issues: IssueLog
) -> ElementMembers:
    """Finds or makes a dimension for each dimension and entity."""
    dimensions: dict[str, list[CubeDimension]] = {}
    members: dict[tuple[str, str], str] = {}
    for model in index.models.values():
        made = dimensions.setdefault(model.node_id, [])
        for element in _elements(model):
            expr = expression_of(element)
            column = plain_column(expr, model.source)
            if column is not None:
                members[model.name, element.name] = column.member
                continue
            try:
                sql = in_parentheses(of_cube(expr, model.source, database_type))
            except CannotSay as reason:
                issues.warning(place(model.semantic), f"{element.name} becomes no dimension: {reason}")
                continue
            same = next((one for one in made if one.sql == sql and one.name == identifier(element.name)), None)
            if same is None:
                name = names.claim(model.node_id, identifier(element.name), "dimension")
                if name != element.name:
                    issues.warning(
                        place(model.semantic),
                        f"{element.name} becomes the dimension {name}, since {model.source.cube_name} has another "
                        "member of its name; rename it",
                    )
                same = _dimension(name, sql, element, model, visible, issues)
                made.append(same)
            members[model.name, element.name] = same.name
    return ElementMembers(dimensions={node: tuple(made) for node, made in dimensions.items() if made}, names=members)


def _elements(model: BoundModel) -> Iterator[Element]:
    yield from model.entities.values()
    yield from model.dimensions.values()


def _dimension(
    name: str, sql: str, element: Element, model: BoundModel, visible: Visible, issues: IssueLog
) -> CubeDimension:
    meta, problems = cube_meta.column_meta((element.config and element.config.meta) or {})
    for problem in problems:
        issues.error(place(model.semantic), f"{element.name}: {problem}")
    return CubeDimension(
        name=name,
        sql=sql,
        type=_type(element, sql),
        title=meta.title or element.label,
        description=meta.description or element.description,
        format=meta.format,
        public=_public(meta, is_open=visible.is_open(sql, model.source)),
        meta=meta.meta,
    )


def _public(meta: ColumnMeta, *, is_open: bool) -> bool | None:
    if meta.public is not None:
        return meta.public
    is_shown = is_open if meta.visibility is None else meta.visibility == "expose"
    return None if is_shown else False


_BOOLEAN_ENDS: tuple[Callable[[str], bool], ...] = (
    lambda sql: "then true else false end" in sql,
    lambda sql: "then false else true end" in sql,
)


def _type(element: Element, sql: str) -> DimensionType:
    if element.type == "time":
        return "time"
    text = " ".join(sql.lower().split())
    return "boolean" if any(ends(text) for ends in _BOOLEAN_ENDS) else "string"
