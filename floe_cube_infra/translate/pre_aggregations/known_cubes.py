"""What the translation of pre-aggregations must know beside the entries themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.database import DatabaseType


@dataclass(frozen=True, kw_only=True)
class PreAggregationDefaults:
    """What holds for every pre-aggregation that doesn't say otherwise; the artifacts' defaults.

    Attributes:
        refresh_schedule: An interval or a cron expression.
        timezone: The IANA zone that cron expressions are read in.
        external: Whether rollups are kept in Cube Store.
        database_type: What Cube queries, for its limits; None for no limits.
    """

    refresh_schedule: str = "*/30 * * * *"
    timezone: str = "UTC"
    external: bool = True
    database_type: DatabaseType | None = None


@dataclass(frozen=True, kw_only=True)
class KnownCubes:
    """All cubes, since a pre-aggregation may refer to others' members.

    Attributes:
        by_name: Cubes with their members, joins and filter columns; role cubes, too, as what they extend.
        pre_aggregations: For each cube the names of its pre-aggregations.
        granularities: For a time dimension, as `cube.dimension`, the granularities of its own.
    """

    by_name: Mapping[str, CubeSchema]
    pre_aggregations: Mapping[str, Collection[str]] = field(default_factory=dict)
    granularities: Mapping[str, Collection[str]] = field(default_factory=dict)
