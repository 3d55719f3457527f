"""Three joined cubes, and a way to translate entries of `meta.cube.pre_aggregations` for the first of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from floe_cube_infra.inputs.cube_meta import model_meta
from floe_cube_infra.inputs.dbt_manifest import Node
from floe_cube_infra.model.access import Filtered, RowAccess, RowFilter, Unfiltered
from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.members import CubeDimension, CubeJoin, CubeMeasure, CubeSegment, RollingWindow
from floe_cube_infra.model.pre_aggregations import CubePreAggregation
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.pre_aggregations import KnownCubes, PreAggregationDefaults, pre_aggregations

NODE = Node(unique_id="model.shop.orders", resource_type="model", name="orders")

Translate = Callable[..., tuple[tuple[CubePreAggregation, ...], list[str]]]


def column(name: str, type_: Any = "string", *, key: bool = False) -> CubeDimension:
    return CubeDimension(name=name, sql=f"{{CUBE}}.{name}", type=type_, primary_key=key)


def _access(filter_column: str | None) -> RowAccess:
    if filter_column is None:
        return Unfiltered()
    return Filtered(filters=(RowFilter(member=filter_column, claim="organization_id"),))


def cube(name: str, *parts: Any, **values: Any) -> CubeSchema:
    return CubeSchema(
        name=name,
        sql_table=name,
        dimensions=tuple(part for part in parts if isinstance(part, CubeDimension)),
        measures=tuple(part for part in parts if isinstance(part, CubeMeasure)),
        segments=tuple(part for part in parts if isinstance(part, CubeSegment)),
        joins=tuple(
            CubeJoin(name=to, relationship="many_to_one", sql=f"{{CUBE.{to}_id}} = {{{to}.id}}")
            for to in values.get("joins", ())
        ),
        filter_column=values.get("filter_column"),
        access=_access(values.get("filter_column")),
        dbt_node=f"model.shop.{name}",
    )


@pytest.fixture
def orders() -> CubeSchema:
    return cube(
        "orders",
        column("id", "number", key=True),
        column("customers_id", "number"),
        column("organization_id", "number"),
        column("status"),
        column("is_gift", "boolean"),
        column("class"),
        column("ordered_at", "time"),
        column("shipped_at", "time"),
        CubeMeasure(name="count", type="count"),
        CubeMeasure(name="revenue", type="sum", sql="{CUBE}.amount"),
        CubeMeasure(name="buyers", type="count_distinct", sql="{CUBE}.customers_id"),
        CubeMeasure(name="mean", type="avg", sql="{CUBE}.amount"),
        CubeMeasure(name="per_order", type="number", sql="{revenue} / NULLIF({CUBE.count}, 0)"),
        CubeMeasure(name="per_region", type="number", sql="{revenue} / {customers.count}"),
        CubeMeasure(
            name="to_date",
            type="sum",
            sql="{CUBE}.amount",
            rolling_window=RollingWindow(type="to_date", granularity="month"),
        ),
        CubeSegment(name="paid", sql="{CUBE}.status = 'paid'"),
        joins=("customers",),
        filter_column="organization_id",
    )


@pytest.fixture
def known(orders: CubeSchema) -> KnownCubes:
    cubes = (
        orders,
        cube(
            "customers",
            column("id", "number", key=True),
            column("tenant_id", "number"),
            column("regions_id", "number"),
            column("tier"),
            CubeMeasure(name="count", type="count"),
            joins=("regions",),
            filter_column="tenant_id",
        ),
        cube("regions", column("id", "number", key=True), column("name"), joins=()),
        cube("suppliers", column("id", "number", key=True), column("country"), joins=()),
    )
    return KnownCubes(
        by_name={one.name: one for one in cubes},
        pre_aggregations={"customers": ["by_tier"]},
        granularities={"orders.ordered_at": ["fiscal_year"]},
    )


@pytest.fixture
def translate(known: KnownCubes) -> Translate:
    def run(
        *entries: dict[str, Any], defaults: PreAggregationDefaults | None = None
    ) -> tuple[tuple[CubePreAggregation, ...], list[str]]:
        meta, problems = model_meta({"cube": {"pre_aggregations": list(entries)}})
        assert problems == []
        names = {**known.pre_aggregations, "orders": [entry["name"] for entry in entries]}
        log = IssueLog()
        everything = KnownCubes(by_name=known.by_name, pre_aggregations=names, granularities=known.granularities)
        result = pre_aggregations(
            "orders", meta.pre_aggregations, everything, defaults or PreAggregationDefaults(), NODE, log
        )
        return result, [f"{issue.severity}: {issue.message}" for issue in log.sorted()]

    return run
