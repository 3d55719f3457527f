"""The SQL API over the Postgres wire protocol, where Cube's real addon is installed."""

from __future__ import annotations

import csv
import io
import os
import subprocess

import pytest

from tests.real.cube.clients import USER, Cube, token
from tests.real.cube.questions import Cube as CubeMeta
from tests.real.cube.server import has_real_addon
from tests.real.cube.survey import ORGANIZATIONS
from tools.postgres import Postgres

pytestmark = [
    pytest.mark.xdist_group("real cube"),
    pytest.mark.skipif(not has_real_addon(), reason="Cube's addon, which speaks the protocol, isn't here"),
]

SHAPES = (
    "SELECT organization_id, COUNT(*) FROM {cube} GROUP BY 1",
    "SELECT organization_id FROM {cube} WHERE organization_id = 2 OR 1 = 1",
    "WITH own AS (SELECT organization_id FROM {cube}) SELECT DISTINCT organization_id FROM own",
    "SELECT organization_id FROM {cube} UNION ALL SELECT organization_id FROM {cube}",
    "SELECT organization_id, ROW_NUMBER() OVER (PARTITION BY organization_id) FROM {cube}",
    "SELECT a.organization_id FROM {cube} a CROSS JOIN {cube} b LIMIT 100",
    "SELECT organization_id FROM {cube} WHERE organization_id IN (SELECT organization_id FROM {cube})",
)


@pytest.mark.parametrize("organization", ORGANIZATIONS)
def test_every_shape_of_statement_shows_just_ones_own_organization(
    cube: Cube, described: list[CubeMeta], postgres: Postgres, organization: int
) -> None:
    names = [each.name for each in described if f"{each.name}.organization_id" in each.dimensions]
    assert names
    for statement in (shape.format(cube=name) for name in names for shape in SHAPES):
        seen = {row[0] for row in _psql(postgres, cube, statement, token(organization))}
        assert {float(value) for value in seen} <= {float(organization)}, statement


@pytest.mark.parametrize("organization", ORGANIZATIONS)
def test_sums_are_those_of_rest(cube: Cube, postgres: Postgres, organization: int) -> None:
    bearer = token(organization)
    [[count, revenue]] = _psql(postgres, cube, "SELECT MEASURE(count), MEASURE(revenue) FROM orders", bearer)
    [row] = cube.load({"measures": ["orders.count", "orders.revenue"]}, bearer).body["data"]
    assert (float(count), float(revenue)) == (float(row["orders.count"]), float(row["orders.revenue"]))


@pytest.mark.parametrize(
    "statement", ["UPDATE orders SET status = 'x'", "DELETE FROM orders", "CREATE TABLE x (a int)"]
)
def test_nothing_can_be_written(cube: Cube, postgres: Postgres, statement: str) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        _psql(postgres, cube, statement, token(1))


def test_who_would_be_another_user_is_refused_and_not_told_the_own_context(cube: Cube, postgres: Postgres) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        _psql(postgres, cube, "SET user = 'eve'", token(1))
    assert "Nobody can become another user." in refused.value.stderr
    assert "filter_claims" not in refused.value.stderr


def test_without_the_claim_nobody_logs_in(cube: Cube, postgres: Postgres) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        _psql(postgres, cube, "SELECT 1", token(None))


def _psql(postgres: Postgres, cube: Cube, statement: str, bearer: str) -> list[list[str]]:
    result = subprocess.run(
        [postgres.programs / "psql", "-X", "--csv", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement],
        env={
            "PATH": os.defpath,
            "PGHOST": "127.0.0.1",
            "PGPORT": str(cube.server.sql_port),
            "PGUSER": USER,
            "PGPASSWORD": bearer,
            "PGDATABASE": "cube",
        },
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return list(csv.reader(io.StringIO(result.stdout)))
