"""`floe-cube landing` asks the real Cube server, and over the Postgres wire protocol the real PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from floe_cube_infra.generation import Generated
from floe_cube_infra.landing.sql_client import SqlClient
from tests.landing.conftest import OUTPUTS
from tests.real.cube.clients import Cube, Serve, token
from tests.real.cube.server import has_real_addon
from tests.real.cube.test_start import wait_until
from tests.real.cube.variants import without_rollups
from tools.postgres import Postgres

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("real cube")]


@pytest.fixture(scope="module")
def started(serve: Serve, generated: Generated) -> Iterator[Cube]:
    with serve(without_rollups(generated.files)) as cube:
        assert wait_until(cube, None).status == 200
        yield cube


@pytest.fixture
def outputs(generated: Generated, tmp_path: Path) -> Path:
    """Those of a stack that serves this model, without SQL."""
    path = tmp_path / "outputs.json"
    version = without_rollups(generated.files).model_version
    path.write_text(json.dumps({**OUTPUTS, "modelVersion": version}))
    return path


def landing(cube: Cube, *arguments: object, bearer: str | None = None) -> subprocess.CompletedProcess[str]:
    """The command, as a workflow runs it."""
    server = cube.server
    asked = [
        "--url",
        f"http://127.0.0.1:{server.port}",
        "--ready-url",
        f"http://127.0.0.1:{server.readiness_port}/ready",
    ]
    return subprocess.run(
        [Path(sys.executable).with_name("floe-cube"), "landing", *asked, *map(str, arguments)],
        env={"PATH": os.environ["PATH"], "FLOE_CUBE_TOKEN": token(1) if bearer is None else bearer},
        capture_output=True,
        text=True,
        check=False,
    )


def states(done: subprocess.CompletedProcess[str]) -> Mapping[str, str]:
    return {each["name"]: each["state"] for each in json.loads(done.stdout)["checks"]}


def test_a_stack_that_has_landed_answers_with_the_model_of_its_outputs(started: Cube, outputs: Path) -> None:
    done = landing(started, "--outputs", outputs, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert states(done) == {
        "/readyz": "passed",
        "/ready": "passed",
        "model": "passed",
        "REST": "passed",
        "GraphQL": "passed",
        "SQL over HTTP": "left out",
        "SQL over Postgres": "left out",
    }


def test_the_folder_that_was_generated_is_the_model_that_is_served(
    started: Cube, generated: Generated, tmp_path: Path
) -> None:
    for name, text in without_rollups(generated.files).everything().items():
        path = tmp_path / "generated" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    done = landing(started, "--model", tmp_path / "generated", "--timeout", 0, "--format", "json")
    assert states(done)["model"] == "passed"


def test_another_model_is_told_once_the_time_is_over(started: Cube, outputs: Path) -> None:
    done = landing(started, "--outputs", outputs, "--model", "0123456789", "--timeout", 2)
    assert done.returncode == 1
    assert "answers, and 0123456789 is expected" in done.stdout
    assert done.stderr.startswith("waiting (0 of 2 s): model: ")


def test_a_token_of_another_secret_is_refused_at_once_and_not_shown(started: Cube, outputs: Path) -> None:
    wrong = token(1, secret="another-secret-of-the-tests-with-32-bytes")
    done = landing(started, "--outputs", outputs, bearer=wrong)
    assert (done.returncode, done.stderr) == (1, "")
    assert "the token is refused: " in done.stdout
    assert wrong not in done.stdout


def test_a_token_without_the_claim_is_told_what_it_lacks(started: Cube, outputs: Path) -> None:
    done = landing(started, "--outputs", outputs, bearer=token(None))
    assert done.returncode == 1
    assert "organization_id" in done.stdout


@pytest.mark.skipif(has_real_addon(), reason="the real addon answers SQL")
def test_one_api_that_fails_is_enough(started: Cube, outputs: Path) -> None:
    told = json.loads(outputs.read_text())
    outputs.write_text(json.dumps({**told, "sqlEndpoint": "postgresql://cube-api.floe-cube.svc:15432/cube"}))
    done = landing(started, "--outputs", outputs, "--timeout", 0, "--format", "json")
    assert done.returncode == 1
    assert [name for name, state in states(done).items() if state == "failed"] == ["SQL over HTTP"]


def test_without_its_database_a_pod_has_not_landed(serve: Serve, generated: Generated, outputs: Path) -> None:
    with serve(without_rollups(generated.files), {"CUBEJS_DB_PORT": "1"}) as cube:
        wait_until(cube, "database")
        done = landing(cube, "--outputs", outputs, "--timeout", 0, "--format", "json")
    assert done.returncode == 1
    assert states(done) == {"/readyz": "failed", "/ready": "failed"}


@pytest.fixture(scope="module")
def bearer(postgres: Postgres) -> str:
    """The token that is ada's password, where PostgreSQL has what the SQL API calls MEASURE."""
    bearer = token(1)
    postgres.run(f"CREATE ROLE ada LOGIN PASSWORD '{bearer}'; CREATE DATABASE landing")
    postgres.run(
        "CREATE TABLE orders (count bigint); INSERT INTO orders VALUES (1); GRANT SELECT ON orders TO ada;"
        "CREATE AGGREGATE measure(bigint) (sfunc = int8pl, stype = bigint, initcond = '0')",
        database="landing",
    )
    return bearer


def test_the_postgres_wire_protocol_is_asked_with_the_token_as_password(postgres: Postgres, bearer: str) -> None:
    address = f"postgresql://127.0.0.1:{postgres.port}/landing"
    statement = 'SELECT MEASURE("count") FROM "orders" LIMIT 1'
    client = SqlClient(program=str(postgres.programs / "psql"), user="ada", token=bearer)
    assert client.ask(address, statement, tls=False) == ""
    assert "does not exist" in client.ask(address, 'SELECT MEASURE("count") FROM "nowhere"', tls=False)
    assert "SSL" in client.ask(address, statement, tls=True), "this server speaks no TLS"
    other = SqlClient(program=client.program, user="ada", token=token(2))
    assert "password authentication failed" in other.ask(address, statement, tls=False)
