"""The real Cube server over the sample shop in a real PostgreSQL, each started once."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import pytest

from floe_cube_infra.generation import Generated, generate
from floe_cube_infra.inputs.settings import parse
from floe_cube_infra.render.environment import SecretKeyRef
from floe_cube_infra.render.files import CubeFiles
from tests.real.cube.clients import SECRET, Cube, Serve, token
from tests.real.cube.mounts import mount_cube
from tests.real.cube.observing import Observation, observation
from tests.real.cube.own_rows import guard_own_rows
from tests.real.cube.questions import Cube as CubeMeta
from tests.real.cube.questions import questions, read_meta
from tests.real.cube.records import RecordedQueries, observed, recorded_queries
from tests.real.cube.server import run_cube
from tests.real.cube.survey import Asked, survey
from tests.real.cube.variants import with_layers, without_rollups
from tools.clone import Clone
from tools.postgres import Postgres, find_postgres, run_postgres
from tools.shop_database import CUBE_USER, SHOP, load_shop

CUBE_PASSWORD = secrets.token_urlsafe(24)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with run_postgres(find_postgres(Clone.here())) as server:
        load_shop(server, CUBE_PASSWORD)
        guard_own_rows(server)
        yield server


@pytest.fixture(scope="session")
def generated() -> Generated:
    """What `floe-cube generate` gives for the shop."""
    settings = {
        "artifacts": "compiled_artifacts.json",
        "catalog": "target/catalog.json",
        "environment": "dev",
        "models": {"include": ["access:public"]},
        "api": {"sqlApi": "shared"},
    }
    result = generate(parse(settings, "the tests of the real server"), SHOP)
    assert result is not None
    return result


@pytest.fixture(scope="session")
def serve(generated: Generated, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Runs Cube with some files, mounted as Kubernetes does, while a block runs."""
    variables = {**_variables(generated), "CUBEJS_DB_HOST": "127.0.0.1", "CUBEJS_DB_PORT": str(postgres.port)}

    @contextmanager
    def serve(files: CubeFiles, more: Mapping[str, str] | None = None) -> Iterator[Cube]:
        configuration, model = mount_cube(tmp_path_factory.mktemp("cube"), files)
        with run_cube(configuration, model, {**variables, **(more or {})}) as server, closing(Cube(server)) as cube:
            yield cube

    return serve


def _variables(generated: Generated) -> dict[str, str]:
    """Cube's environment, with the Secrets that Kubernetes would look up."""
    environment = generated.environment
    api, username, password = (environment[f"CUBEJS_{name}"] for name in ("API_SECRET", "DB_USER", "DB_PASS"))
    known = {api: SECRET, username: CUBE_USER, password: CUBE_PASSWORD}
    return {name: known[value] if isinstance(value, SecretKeyRef) else value for name, value in environment.items()}


@pytest.fixture(scope="session")
def recorded() -> Iterator[RecordedQueries]:
    """The records of all queries that `cube` was asked."""
    with recorded_queries() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def cube(serve: Serve, generated: Generated, recorded: RecordedQueries) -> Iterator[Cube]:
    """The product as it is, but for rollups; its queries are observed."""
    with serve(observed(without_rollups(generated.files), recorded.port)) as started:
        yield started


@pytest.fixture(scope="session")
def unguarded(serve: Serve, generated: Generated) -> Iterator[Cube]:
    """All layers off: what Cube itself would answer. It is asked for SQL, to be run where PostgreSQL hides rows."""
    with serve(with_layers(without_rollups(generated.files), frozenset())) as started:
        yield started


@pytest.fixture(scope="session")
def meta(cube: Cube) -> dict[str, Any]:
    """What `/meta` tells organization 1."""
    answer = cube.meta(token(1))
    assert answer.status == 200, answer
    decoded: dict[str, Any] = answer.body
    return decoded


@pytest.fixture(scope="session")
def types(meta: dict[str, Any]) -> dict[str, str]:
    """The type of each visible member, by its name."""
    members = (member for each in meta["cubes"] for member in [*each["dimensions"], *each["measures"]])
    return {member["name"]: member["type"] for member in members}


@pytest.fixture(scope="session")
def described(meta: dict[str, Any], generated: Generated) -> list[CubeMeta]:
    """The visible cubes and views, with their joins."""
    joins = {rule.name: tuple(rule.joins) for rule in generated.model.access_rules}
    without_key = {each.name for each in generated.model.cubes if not any(one.primary_key for one in each.dimensions)}
    return read_meta(meta, joins, without_key)


@pytest.fixture(scope="session")
def asked(described: list[CubeMeta], unguarded: Cube, postgres: Postgres) -> list[Asked]:
    """Questions about the whole model, with the answers that PostgreSQL itself gives."""
    return survey(unguarded, postgres, questions(described))


@pytest.fixture(scope="session")
def observed_by(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observation]:
    """The real observer, collector and Jaeger, over the shop's lineage."""
    settings = {
        "artifacts": "compiled_artifacts.json",
        "catalog": "target/catalog.json",
        "environment": "dev",
        "models": {"include": ["access:public"]},
        "api": {"sqlApi": "shared"},
        "images": {"observer": "registry.example.com/floe-cube-observer:0.1.0"},
    }
    generated = generate(parse(settings, "the tests of observation"), SHOP)
    assert generated is not None
    with observation(generated.files.observer, tmp_path_factory.mktemp("observation")) as running:
        yield running


@pytest.fixture(scope="session")
def observed_cube(serve: Serve, generated: Generated, observed_by: Observation) -> Iterator[Cube]:
    """The product, observed by them."""
    with serve(observed(without_rollups(generated.files), observed_by.port)) as started:
        yield started
