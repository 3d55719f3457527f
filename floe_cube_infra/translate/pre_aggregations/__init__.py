"""Pre-aggregations: from `meta.cube` and the artifacts' defaults to what Cube builds, and proposals of our own."""

from floe_cube_infra.translate.pre_aggregations.known_cubes import KnownCubes, PreAggregationDefaults
from floe_cube_infra.translate.pre_aggregations.proposals import Proposal, RollupHints, propose_rollup
from floe_cube_infra.translate.pre_aggregations.refresh_keys import default_refresh_key
from floe_cube_infra.translate.pre_aggregations.schedules import Schedule, ScheduleError, check_schedule, read_schedule
from floe_cube_infra.translate.pre_aggregations.time_zones import check_time_zone
from floe_cube_infra.translate.pre_aggregations.translation import pre_aggregations

__all__ = [
    "KnownCubes",
    "PreAggregationDefaults",
    "Proposal",
    "RollupHints",
    "Schedule",
    "ScheduleError",
    "check_schedule",
    "check_time_zone",
    "default_refresh_key",
    "pre_aggregations",
    "propose_rollup",
    "read_schedule",
]
