"""The sample shop's rollups as they stand."""

from __future__ import annotations

from pathlib import Path

from floe_cube_infra.inputs import dbt_manifest
from floe_cube_infra.inputs.cube_meta import model_meta
from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.members import CubeMeasure
from floe_cube_infra.model.pre_aggregations import CubePreAggregation, RefreshKey
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.pre_aggregations import KnownCubes, PreAggregationDefaults, pre_aggregations

from .conftest import column, cube

MANIFEST = Path(__file__).parents[3] / "examples" / "shop" / "target" / "manifest.json"


def orders_of_the_shop() -> CubeSchema:
    return cube(
        "orders",
        column("organization_id", "number"),
        column("status"),
        column("ordered_at", "time"),
        CubeMeasure(name="count", type="count"),
        CubeMeasure(name="revenue", type="sum", sql="{CUBE}.amount"),
        filter_column="organization_id",
    )


def test_the_shops_rollups_are_translated_without_a_doubt() -> None:
    manifest = dbt_manifest.load(MANIFEST.read_bytes(), str(MANIFEST))
    node = manifest.nodes["model.shop.orders"]
    meta, problems = model_meta(node.all_meta)
    known = KnownCubes(by_name={"orders": orders_of_the_shop()})
    issues = IssueLog()

    result = pre_aggregations(
        "orders", meta.pre_aggregations, known, PreAggregationDefaults(database_type="postgres"), node, issues
    )

    assert problems == []
    assert issues.sorted() == ()
    assert result == (
        CubePreAggregation(
            name="revenue_by_day",
            measures=("CUBE.count", "CUBE.revenue"),
            dimensions=("CUBE.organization_id", "CUBE.status"),
            time_dimension="CUBE.ordered_at",
            granularity="day",
            partition_granularity="month",
            refresh_key=RefreshKey(every="0 5 * * *", timezone="Europe/Amsterdam"),
            external=True,
            allow_non_strict_date_range_match=False,
        ),
    )
