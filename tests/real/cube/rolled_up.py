"""The shop with rollups of many kinds, kept in its own database: Cube Store can't be had here."""

from __future__ import annotations

import json
from typing import Final

from floe_cube_infra.generation import Generated, generate
from floe_cube_infra.inputs.settings import parse
from floe_cube_infra.model.cubes import SemanticModel
from floe_cube_infra.model.pre_aggregations import CubePreAggregation, RefreshKey
from floe_cube_infra.render.files import CubeFiles, cube_files
from tools.shop_database import SHOP

WORKER: Final = {"CUBEJS_SCHEDULED_REFRESH_TIMER": "1"}
"""Makes a refresh worker of Cube that looks each second; with CUBEJS_REFRESH_WORKER it does every thirty."""
_EVERY: Final = RefreshKey(every="1 hour")
MORE: Final = (
    CubePreAggregation(
        name="buyers_by_month",
        measures=("CUBE.buyers", "CUBE.average_order_total", "CUBE.count"),
        dimensions=("CUBE.organization_id", "CUBE.channel"),
        time_dimension="CUBE.ordered_at",
        granularity="month",
        refresh_key=_EVERY,
        external=False,
    ),
    CubePreAggregation(
        name="by_tier_and_week",
        measures=("CUBE.count", "CUBE.revenue", "CUBE.net_revenue"),
        dimensions=("CUBE.organization_id", "CUBE.is_gift", "customers.loyalty_tier", "customers.organization_id"),
        time_dimension="CUBE.ordered_at",
        granularity="week",
        refresh_key=_EVERY,
        external=False,
    ),
    CubePreAggregation(
        name="completed_only",
        measures=("CUBE.count", "CUBE.completed_revenue"),
        dimensions=("CUBE.organization_id",),
        segments=("CUBE.completed",),
        refresh_key=_EVERY,
        external=False,
    ),
    CubePreAggregation(
        name="by_hour",
        measures=("CUBE.revenue", "CUBE.gross_revenue", "CUBE.total_orders"),
        dimensions=("CUBE.organization_id",),
        time_dimension="CUBE.ordered_at",
        granularity="hour",
        partition_granularity="month",
        refresh_key=RefreshKey(every="1 hour", incremental=True, update_window="7 day"),
        external=False,
    ),
)
"""Rollups of orders beside the one that dbt declares: one that doesn't add up, over a join, by a segment, by hour."""


def shop_with_proposed_rollups(**more: object) -> Generated:
    """What `floe-cube generate` gives for the shop with `rollups: auto`, and more settings."""
    settings = {
        "artifacts": "compiled_artifacts.json",
        "catalog": "target/catalog.json",
        "environment": "dev",
        "models": {"include": ["access:public"], "rollups": "auto"},
        "api": {"sqlApi": "shared"},
        **more,
    }
    generated = generate(parse(settings, "the tests of rollups"), SHOP)
    assert generated is not None
    return generated


def with_more_rollups(model: SemanticModel, *, loose: bool = False) -> SemanticModel:
    """The model with `MORE`, and nothing in Cube Store.

    Args:
        model: The shop's.
        loose: Whether `MORE` answer for parts of what they keep as well, as Cube's default has it, and wrongly.
    """
    cubes = []
    for cube in model.cubes:
        own = tuple(each.model_copy(update={"external": False}) for each in cube.pre_aggregations)
        more = [
            each.model_copy(update={"allow_non_strict_date_range_match": loose if each.time_dimension else None})
            for each in MORE
        ]
        more = more if cube.name == "orders" else []
        cubes.append(cube.model_copy(update={"pre_aggregations": (*own, *more)}))
    return model.model_copy(update={"cubes": tuple(cubes)})


def files_of(model: SemanticModel, generated: Generated, schema: str = "pre_aggregations") -> CubeFiles:
    """The files of another model, set up as those that were generated, with its rollups in a schema of the database."""
    settings = {**json.loads(generated.files.configuration["settings.json"]), "preAggregationsSchema": schema}
    return cube_files(model, json.dumps(settings), {})
