"""Builds that are cut short go on where they stopped, and what no rollup needs any more is dropped."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

import pytest

from floe_cube_infra.generation import Generated
from floe_cube_infra.model.cubes import SemanticModel
from floe_cube_infra.model.pre_aggregations import CubePreAggregation, RefreshKey
from floe_cube_infra.render.files import CubeFiles
from tests.real.cube.clients import Cube, Serve
from tests.real.cube.rolled_up import WORKER, files_of, with_more_rollups
from tools.errors import SetupError
from tools.postgres import Postgres
from tools.shop_database import CUBE_USER, DATABASE

pytestmark = [pytest.mark.xdist_group("real cube"), pytest.mark.real]

SCHEMA: Final = "rollup_builds"
JOINED: Final = "orders_by_tier_and_week"
"""Of the rollups the one that reads customers, too."""
COMPLETED: Final = "orders_completed_only"
_HOLD: Final = "SELECT pg_sleep(301)"
_END_HOLD: Final = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = '{_HOLD};'"
_IS_HELD: Final = (
    "SELECT COUNT(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'shop.customers'::regclass"
)


@pytest.fixture(scope="module")
def model(generated: Generated) -> SemanticModel:
    return with_more_rollups(generated.model)


@pytest.fixture(scope="module")
def files(model: SemanticModel, generated: Generated) -> CubeFiles:
    return files_of(model, generated, SCHEMA)


def _tables(postgres: Postgres) -> set[str]:
    """Partition, content, structure and time of each, in one name."""
    return set(
        postgres.run(f"SELECT tablename FROM pg_tables WHERE schemaname = '{SCHEMA}'", database=DATABASE).split()
    )


def _rollups(tables: set[str]) -> set[str]:
    return {name.rsplit("_", 3)[0].rstrip("0123456789") for name in tables}


def _until_nothing_changes(postgres: Postgres, rollups: set[str], worker: Cube) -> set[str]:
    """The tables once there are some of each of the rollups, and no more come."""
    until, seen = time.monotonic() + 100, set[str]()
    while not rollups <= _rollups(seen) or seen != _tables(postgres):
        assert time.monotonic() < until, (seen, worker.server.log.read_text()[-3000:])
        seen = _tables(postgres)
        time.sleep(3)
    return seen


@contextmanager
def _customers_locked(postgres: Postgres) -> Iterator[None]:
    """While the block runs nobody can read the table."""

    def hold() -> None:
        with suppress(SetupError):
            lock = "LOCK TABLE shop.customers IN ACCESS EXCLUSIVE MODE"
            postgres.run(f"BEGIN; {lock}; {_HOLD};", database=DATABASE)

    holder = threading.Thread(target=hold)
    holder.start()
    while postgres.run(_IS_HELD, database=DATABASE).strip() == "0":
        time.sleep(0.05)
    try:
        yield
    finally:
        postgres.run(_END_HOLD)
        holder.join()


def test_a_worker_that_was_stopped_amid_its_builds_is_followed_by_one_that_builds_the_rest(
    serve: Serve, files: CubeFiles, postgres: Postgres
) -> None:
    # The worker makes the schema itself, whose several builds begin at once.
    postgres.run(f"GRANT CREATE ON DATABASE {DATABASE} TO {CUBE_USER}")
    with _customers_locked(postgres), serve(files, WORKER) as worker:
        built = _until_nothing_changes(postgres, {"orders_revenue_by_day"}, worker)
        assert JOINED not in _rollups(built)
    with serve(files, WORKER) as worker:
        later = _until_nothing_changes(postgres, {JOINED}, worker)
    postgres.run(f"REVOKE CREATE ON DATABASE {DATABASE} FROM {CUBE_USER}")
    assert built < later


def _without_joined(rollups: Sequence[CubePreAggregation]) -> Iterator[CubePreAggregation]:
    """Without the joined one; another one with fewer measures, and built again and again."""
    for each in rollups:
        if each.name == "completed_only":
            yield each.model_copy(update={"measures": ("CUBE.count",), "refresh_key": RefreshKey(every="2 second")})
        elif each.name != "by_tier_and_week":
            yield each


def test_tables_that_no_rollup_needs_are_dropped(
    serve: Serve, model: SemanticModel, files: CubeFiles, generated: Generated, postgres: Postgres
) -> None:
    postgres.run(
        f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}; GRANT ALL ON SCHEMA {SCHEMA} TO {CUBE_USER}", database=DATABASE
    )
    with serve(files, WORKER) as worker:
        before = _until_nothing_changes(postgres, {JOINED, COMPLETED, "orders_revenue_by_day"}, worker)
    cubes = (
        cube.model_copy(update={"pre_aggregations": tuple(_without_joined(cube.pre_aggregations))})
        for cube in model.cubes
    )
    changed = files_of(model.model_copy(update={"cubes": tuple(cubes)}), generated, SCHEMA)
    until = time.monotonic() + 100
    with serve(changed, WORKER) as worker:
        while JOINED in _rollups(after := _tables(postgres)) or {name for name in before & after if COMPLETED in name}:
            assert time.monotonic() < until, (after, worker.server.log.read_text()[-3000:])
            time.sleep(1)
    assert COMPLETED in _rollups(after)
    assert {name for name in before if "revenue_by_day" in name} <= after
