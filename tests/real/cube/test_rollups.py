"""Rollups hold the rows of all organizations; who asks is answered from them with their own.

They lie in PostgreSQL here, since there is no Cube Store; which rows are read of them is decided by Cube either way.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from floe_cube_infra.generation import Generated
from floe_cube_infra.render.files import CubeFiles
from tests.real.cube.clients import Cube, Serve, token
from tests.real.cube.load import ORGANIZATIONS
from tests.real.cube.rolled_up import WORKER
from tests.real.cube.variants import with_layers, with_rollups_in_the_database
from tools.postgres import Postgres
from tools.shop_database import CUBE_USER, DATABASE

pytestmark = [pytest.mark.xdist_group("real cube"), pytest.mark.real]

SCHEMA = "pre_aggregations"
WITHIN = {"dimension": "orders.ordered_at", "granularity": "day", "dateRange": ["2024-11-01", "2024-12-31"]}
ROLLED_UP = {"measures": ["orders.count"], "dimensions": ["orders.status"], "timeDimensions": [WITHIN]}
COLUMN = "orders.organization_id"
# What the rollup could answer, asked as attackers do; each organization sees no more than its own.
ASKED: tuple[dict[str, Any], ...] = (
    ROLLED_UP,
    {"measures": ["orders.count"], "dimensions": [COLUMN], "timeDimensions": [WITHIN]},
    {**ROLLED_UP, "filters": [{"member": COLUMN, "operator": "equals", "values": ["1", "2", "3"]}]},
    {
        **ROLLED_UP,
        "filters": [{"or": [{"member": COLUMN, "operator": "set"}, {"member": COLUMN, "operator": "notSet"}]}],
    },
    {**ROLLED_UP, "filters": [{"member": COLUMN, "operator": "notEquals", "values": ["1"]}]},
)


@pytest.fixture(scope="module")
def built(serve: Serve, generated: Generated, postgres: Postgres) -> CubeFiles:
    """Files whose rollup a refresh worker has built, with the stack's own context for it, which has no rights."""
    files = with_rollups_in_the_database(generated.files)
    postgres.run(f"CREATE SCHEMA {SCHEMA} AUTHORIZATION {CUBE_USER}", database=DATABASE)
    months = int(
        postgres.run("SELECT COUNT(DISTINCT date_trunc('month', ordered_at)) FROM shop.orders", database=DATABASE)
    )
    until = time.monotonic() + 120
    with serve(files, WORKER) as worker:
        while len(_partitions(postgres)) < months:
            assert time.monotonic() < until, worker.server.log.read_text()[-3000:]
            time.sleep(0.2)
    return files


@pytest.fixture(scope="module")
def rolled_up(serve: Serve, built: CubeFiles) -> Iterator[Cube]:
    with serve(built) as started:
        yield started


def _partitions(postgres: Postgres) -> list[str]:
    return postgres.run(f"SELECT tablename FROM pg_tables WHERE schemaname = '{SCHEMA}'", database=DATABASE).split()


def _answer(cube: Cube, query: dict[str, Any], organization: int) -> tuple[list[dict[str, Any]], bool]:
    """The rows in an order of their own, and whether they come from a rollup."""
    answer = cube.load(query, token(organization))
    assert answer.status == 200, answer
    return sorted(answer.body["data"], key=str), bool(answer.body.get("usedPreAggregations"))


@pytest.mark.parametrize("organization", ORGANIZATIONS)
def test_answers_from_a_rollup_are_those_from_the_table(rolled_up: Cube, cube: Cube, organization: int) -> None:
    for query in ASKED:
        rows, is_rolled_up = _answer(rolled_up, query, organization)
        assert is_rolled_up, query
        assert (rows, False) == _answer(cube, query, organization)


def test_the_rollup_holds_the_rows_of_all(built: CubeFiles, postgres: Postgres) -> None:
    assert built.model
    tables = (f"SELECT orders__organization_id FROM {SCHEMA}.{name}" for name in _partitions(postgres))
    found = postgres.run(" UNION ".join(tables), database=DATABASE).split()
    assert {int(each) for each in found} == set(ORGANIZATIONS)


@pytest.mark.parametrize("layer", ["policies", "rewrite"])
def test_each_layer_alone_filters_a_rollup(rolled_up: Cube, serve: Serve, built: CubeFiles, layer: str) -> None:
    with serve(with_layers(built, frozenset({layer}))) as one_layer:
        for query in ASKED:
            assert _answer(one_layer, query, 2) == _answer(rolled_up, query, 2)
