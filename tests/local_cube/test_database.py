from __future__ import annotations

import json
from pathlib import Path

import pytest

from floe_cube_infra.errors import LocalCubeError
from floe_cube_infra.local_cube.database import database_variables, prepare_database
from floe_cube_infra.local_cube.node import Node
from tests.local_cube.conftest import Program

GENERATED = {"CUBEJS_DB_TYPE": "postgres", "CUBEJS_DB_HOST": "in-the-cluster", "PORT": "4000"}
VARIABLES = {
    "CUBEJS_DB_TYPE": "postgres",
    "CUBEJS_DB_HOST": "db",
    "CUBEJS_DB_PORT": "5432",
    "CUBEJS_DB_PASS": "s3cr3t-Zq9",
}


def test_what_is_given_comes_above_what_the_artifacts_say() -> None:
    given = {"CUBEJS_DB_HOST": "here", "CUBEJS_DB_NAME": "shop", "CUBEJS_DB_USER": "ada", "HOME": "/", "CUBEJS_X": "y"}
    assert database_variables(GENERATED, given) == {
        "CUBEJS_DB_HOST": "here",
        "CUBEJS_DB_NAME": "shop",
        "CUBEJS_DB_TYPE": "postgres",
        "CUBEJS_DB_USER": "ada",
    }


def test_no_database_at_all_is_told_with_what_to_set() -> None:
    with pytest.raises(LocalCubeError, match=r"No database is named: .*CUBEJS_DB_HOST.*`make demo`"):
        database_variables(GENERATED, {"HOME": "/", "CUBEJS_DB_HOST": ""})


def test_all_that_is_missing_is_told() -> None:
    with pytest.raises(LocalCubeError, match="not complete: CUBEJS_DB_NAME, CUBEJS_DB_USER are neither"):
        database_variables(GENERATED, {"CUBEJS_DB_HOST": "here"})


def prepared(program: Program, answer: object, noise: str = "") -> str | None:
    """What comes of an answer of the script's."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    node = Node(program=program("node", f"echo '{noise}'; echo '{text}'"), npm=())
    return prepare_database(VARIABLES, "pre_aggregations", [Path("node_modules")], node)


def test_the_value_that_was_asked_for_comes_back(program: Program) -> None:
    assert prepared(program, {"ok": True, "value": "7"}, noise="a line of the driver") == "7"
    assert prepared(program, {"ok": True, "value": None}) is None


@pytest.mark.parametrize(
    ("step", "code", "message", "said"),
    [
        ("connect", "ECONNREFUSED", "x", r"at db:5432 can't be reached \(ECONNREFUSED\)"),
        ("connect", "28P01", "wrong s3cr3t-Zq9", r"refuses the login \(wrong \*\*\*\). Are CUBEJS_DB_USER and"),
        ("connect", "3D000", "database x does not exist", "does not exist. Is CUBEJS_DB_NAME right"),
        ("connect", None, "no SSL", "refuses the connection: no SSL"),
        ("schema", "42501", "permission denied", "permission denied. Its user may not create schemas"),
        ("ask", "42P01", "no such table", "could not answer: no such table. Has dbt built"),
    ],
)
def test_a_refusal_is_a_sentence_without_the_password(
    program: Program, step: str, code: str | None, message: str, said: str
) -> None:
    with pytest.raises(LocalCubeError, match=said) as caught:
        prepared(program, {"ok": False, "step": step, "code": code, "message": message})
    assert "s3cr3t" not in str(caught.value)


def test_a_driver_that_cant_be_started_is_told(program: Program) -> None:
    with pytest.raises(LocalCubeError, match=r"the postgres database at db:5432 could not be started:\nno such"):
        prepared(program, "no such module")
