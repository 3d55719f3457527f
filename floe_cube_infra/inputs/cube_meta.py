"""`meta.cube`: what people write into their dbt files for Cube, on models and on columns."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, StrictBool, ValidationError, field_validator

from floe_cube_infra.inputs.pre_aggregation_meta import PreAggregationMeta
from floe_cube_infra.inputs.problems import problems_of
from floe_cube_infra.model.members import RollingWindow
from floe_cube_infra.model.views import ViewCube, ViewFolder


class _Meta(BaseModel):
    """Strict, so that a misspelt key is reported instead of silently doing nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class MeasureMeta(_Meta):
    """A measure; keys and values are Cube's own (`filters` also as plain SQL)."""

    name: str
    type: str
    sql: str | None = None
    title: str | None = None
    description: str | None = None
    format: str | None = None
    public: bool | None = None
    filters: tuple[str, ...] = ()
    rolling_window: RollingWindow | None = None
    drill_members: tuple[str, ...] = ()
    meta: dict[str, Any] | None = None

    @field_validator("filters", mode="before")
    @classmethod
    def _plain_sql(cls, value: object) -> object:
        if isinstance(value, list | tuple):
            return [item["sql"] if isinstance(item, dict) and set(item) == {"sql"} else item for item in value]
        return value


class JoinMeta(_Meta):
    """A join; `name` is another cube, or a dbt model that becomes one."""

    name: str
    sql: str
    relationship: str


class SegmentMeta(_Meta):
    """A named condition on rows."""

    name: str
    sql: str
    title: str | None = None
    description: str | None = None
    public: bool | None = None
    meta: dict[str, Any] | None = None


class HierarchyMeta(_Meta):
    """Dimensions from coarse to fine."""

    name: str
    levels: tuple[str, ...]
    title: str | None = None
    public: bool | None = None


class ViewMeta(_Meta):
    """A view; keys and values are Cube's own."""

    name: str
    cubes: tuple[ViewCube, ...]
    folders: tuple[ViewFolder, ...] = ()
    title: str | None = None
    description: str | None = None
    public: bool | None = None
    meta: dict[str, Any] | None = None


Visibility = Literal["hide", "mask", "expose"]
"""What those see who query a column: nothing of it, that it is there, or its values."""


class ModelMeta(_Meta):
    """`meta.cube` of a model."""

    enabled: StrictBool = True
    name: str | None = None
    title: str | None = None
    description: str | None = None
    public: bool | None = None
    primary_key: tuple[str, ...] = ()
    filter_column: str | None = None
    measures: tuple[MeasureMeta, ...] = ()
    joins: tuple[JoinMeta, ...] = ()
    pre_aggregations: tuple[PreAggregationMeta, ...] = ()
    segments: tuple[SegmentMeta, ...] = ()
    hierarchies: tuple[HierarchyMeta, ...] = ()
    views: tuple[ViewMeta, ...] = ()
    meta: dict[str, Any] | None = None

    @field_validator("primary_key", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class ColumnMeta(_Meta):
    """`meta.cube` of a column."""

    primary_key: bool = False
    type: str | None = None
    title: str | None = None
    description: str | None = None
    public: bool | None = None
    format: str | None = None
    visibility: Visibility | None = None
    clear_for: tuple[str, ...] = ()
    meta: dict[str, Any] | None = None


# All defaults; without validators, which most projects never need, and a command would wait for.
NO_MODEL_META = ModelMeta.model_construct()
NO_COLUMN_META = ColumnMeta.model_construct()


def model_meta(meta: dict[str, Any]) -> tuple[ModelMeta, list[str]]:
    """A model's `meta.cube`, and what is wrong with it; wrong means that none of it is taken."""
    if "cube" not in meta:
        return NO_MODEL_META, []
    try:
        return ModelMeta.model_validate(meta["cube"] or {}), []
    except ValidationError as error:
        return NO_MODEL_META, [_below_cube(problem) for problem in problems_of(error, ModelMeta)]


def column_meta(meta: dict[str, Any]) -> tuple[ColumnMeta, list[str]]:
    """A column's `meta.cube`, and what is wrong with it; wrong means that none of it is taken."""
    if "cube" not in meta:
        return NO_COLUMN_META, []
    try:
        return ColumnMeta.model_validate(meta["cube"] or {}), []
    except ValidationError as error:
        return NO_COLUMN_META, [_below_cube(problem) for problem in problems_of(error, ColumnMeta)]


def _below_cube(problem: str) -> str:
    return problem.replace("$", "meta.cube", 1)
