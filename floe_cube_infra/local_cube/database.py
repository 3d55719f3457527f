"""The database that a local Cube queries: its variables, and whether it answers."""

from __future__ import annotations

import json
import os
import subprocess  # nosec B404
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

from floe_cube_infra.errors import LocalCubeError
from floe_cube_infra.local_cube.node import Node

PREFIX: Final = "CUBEJS_DB_"
_SECONDS: Final = 60
_UNREACHABLE: Final = {"ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"}
# PostgreSQL's: invalid password, invalid authorization, no such database, insufficient privilege.
_WRONG_LOGIN: Final = {"28P01", "28000"}
_NO_DATABASE: Final = "3D000"
_NO_RIGHT: Final = "42501"
_POSTGRES: Final = tuple(f"{PREFIX}{name}" for name in ("HOST", "NAME", "USER"))


def database_variables(generated: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Cube's variables for the database: what the artifacts say, and what was given above that.

    Args:
        generated: The plain variables that the artifacts give.
        given: The environment of this process.

    Raises:
        LocalCubeError: No database was given, or something that every login needs is missing.
    """
    own = {name: value for name, value in given.items() if name.startswith(PREFIX) and value}
    if not own:
        raise LocalCubeError(
            "No database is named: none of Cube's variables for it is set, such as CUBEJS_DB_HOST, CUBEJS_DB_PORT, "
            "CUBEJS_DB_NAME, CUBEJS_DB_USER and CUBEJS_DB_PASS "
            "(https://cube.dev/docs/product/configuration/reference/environment-variables). Set those of the database "
            "that dbt builds in. In a clone of this project, `make demo` brings a sample with a database of its own."
        )
    found = {name: value for name, value in generated.items() if name.startswith(PREFIX)} | own
    missing = [name for name in _POSTGRES if name not in found] if found.get(f"{PREFIX}TYPE") == "postgres" else []
    if missing:
        raise LocalCubeError(
            f"What Cube needs to know of the database is not complete: {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} neither in the artifacts nor set as environment variable."
        )
    return dict(sorted(found.items()))


def prepare_database(
    variables: Mapping[str, str], schema: str, packages: Iterable[Path], node: Node, sql: str | None = None
) -> str | None:
    """Finds out whether the database answers, and makes the schema of pre-aggregations.

    Args:
        variables: As `database_variables` gives them.
        schema: That schema's name; empty: none is made.
        packages: Folders `node_modules`, with Cube's server and the database's driver.
        node: What runs it.
        sql: A question to ask as well.

    Returns:
        The first value of the first row of the answer.

    Raises:
        LocalCubeError: It doesn't, in a sentence.
    """
    script = Path(str(resources.files("floe_cube_infra.local_cube"))) / "javascript" / "prepare_database.js"
    command: list[str | Path] = [node.program, script, schema, *([sql] if sql else [])]
    try:
        result = subprocess.run(  # nosec B603
            command,
            env={"PATH": os.defpath, **variables, "NODE_PATH": os.pathsep.join(map(str, packages))},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LocalCubeError(f"T{_named(variables)[1:]} did not answer within {_SECONDS} s.") from None
    try:
        answer: dict[str, Any] = json.loads(result.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        told = _without_secrets((result.stderr or result.stdout)[-1000:].strip(), variables)
        raise LocalCubeError(f"Cube's driver for {_named(variables)} could not be started:\n{told}") from None
    if answer["ok"]:
        value: str | None = answer["value"]
        return value
    raise LocalCubeError(_without_secrets(_sentence(answer, variables, schema), variables))


def _sentence(answer: Mapping[str, Any], variables: Mapping[str, str], schema: str) -> str:
    database, code, message = f"T{_named(variables)[1:]}", answer["code"], answer["message"]
    if answer["step"] == "connect":
        if code in _UNREACHABLE:
            return (
                f"{database} can't be reached ({code}). Does it run, and are CUBEJS_DB_HOST and CUBEJS_DB_PORT right?"
            )
        if code in _WRONG_LOGIN:
            return f"{database} refuses the login ({message}). Are CUBEJS_DB_USER and CUBEJS_DB_PASS right?"
        if code == _NO_DATABASE:
            return f"{database}: {message}. Is CUBEJS_DB_NAME right?"
        return f"{database} refuses the connection: {message}."
    if answer["step"] == "schema":
        right = " Its user may not create schemas: grant that, or have it made." if code == _NO_RIGHT else ""
        return f"{database}: the schema {schema}, for pre-aggregations, can't be made: {message}.{right}"
    return f"{database} could not answer: {message}. Has dbt built its models there?"


def _named(variables: Mapping[str, str]) -> str:
    host = variables.get("CUBEJS_DB_HOST", "")
    port = variables.get("CUBEJS_DB_PORT", "")
    kind = variables.get("CUBEJS_DB_TYPE", "database")
    return f"the {kind} database" + (f" at {host}{':' if port else ''}{port}" if host else "")


def _without_secrets(text: str, variables: Mapping[str, str]) -> str:
    """The text without the values of variables whose names say that they are secret."""
    for name, value in variables.items():
        if len(value) > 3 and any(part in name for part in ("PASS", "TOKEN", "SECRET", "KEY", "CREDENTIALS")):
            text = text.replace(value, "***")
    return text
