"""When a pre-aggregation is built anew: its own refresh key, with the defaults where it says nothing."""

from __future__ import annotations

from floe_cube_infra.inputs.pre_aggregation_meta import PreAggregationMeta, RefreshKeyMeta
from floe_cube_infra.model.pre_aggregations import RefreshKey
from floe_cube_infra.translate.pre_aggregations.findings import Findings
from floe_cube_infra.translate.pre_aggregations.known_cubes import PreAggregationDefaults
from floe_cube_infra.translate.pre_aggregations.schedules import ScheduleError, check_interval, read_schedule
from floe_cube_infra.translate.pre_aggregations.time_zones import check_time_zone

_NO_KEY = RefreshKeyMeta()


def refresh_key(meta: PreAggregationMeta, defaults: PreAggregationDefaults, findings: Findings) -> RefreshKey | None:
    """The refresh key; None for types that only combine what is built elsewhere, and where it is wrong."""
    given = meta.refresh_key or _NO_KEY
    if meta.refresh_every is not None:
        if given.every is not None or given.sql is not None:
            findings.errors.append("refresh_every and refresh_key both say when it is built; keep one of them")
            return None
        given = given.model_copy(update={"every": meta.refresh_every})
    if meta.type in ("rollup_join", "rollup_lambda") and given == _NO_KEY:
        return None
    if given.sql is not None:
        return _by_query(given, findings)
    if given.incremental and meta.partition_granularity is None:
        findings.errors.append("refresh_key.incremental needs a partition_granularity: partitions are what is built")
    if given.update_window is not None:
        if not given.incremental:
            findings.warnings.append("refresh_key.update_window does nothing without incremental: true")
        _check_interval("update_window", given.update_window, findings)
    return _by_time(given, defaults, findings)


def default_refresh_key(defaults: PreAggregationDefaults) -> RefreshKey:
    """The refresh key of what has none of its own.

    Raises:
        ScheduleError: The default schedule is none that Cube can build by.
    """
    schedule = read_schedule(defaults.refresh_schedule)
    return RefreshKey(every=schedule.every, timezone=defaults.timezone if schedule.is_cron else None)


def _by_query(given: RefreshKeyMeta, findings: Findings) -> RefreshKey:
    for key in ("timezone", "incremental", "update_window"):
        if getattr(given, key) is not None:
            findings.errors.append(f"refresh_key.{key} can't stand beside refresh_key.sql; allowed is: every")
    if given.every is not None:
        _check_interval("every", given.every, findings, beside=" beside refresh_key.sql")
    return RefreshKey(sql=given.sql, every=given.every)


def _by_time(given: RefreshKeyMeta, defaults: PreAggregationDefaults, findings: Findings) -> RefreshKey | None:
    if given.timezone is not None and (problem := check_time_zone(given.timezone)):
        findings.errors.append(f"refresh_key.timezone {problem}")
    place = "the default refresh schedule: " if given.every is None else "refresh_key.every: "
    try:
        schedule = read_schedule(given.every or defaults.refresh_schedule)
    except ScheduleError as error:
        findings.errors.append(f"{place}{error}")
        return None
    if schedule.note:
        findings.warnings.append(f"{place}{schedule.note}")
    # Cube ignores it beside an interval.
    zone = (given.timezone or defaults.timezone) if schedule.is_cron else None
    if given.timezone is None and zone is not None and (problem := check_time_zone(zone)):
        findings.errors.append(f"the default time zone: {problem}")
    return RefreshKey(
        every=schedule.every,
        timezone=zone,
        incremental=given.incremental,
        update_window=given.update_window,
    )


def _check_interval(key: str, value: str, findings: Findings, beside: str = "") -> None:
    problem = check_interval(value)
    if problem:
        findings.errors.append(f"refresh_key.{key}: {problem}{beside}")
