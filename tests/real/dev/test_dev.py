"""`floe-cube dev` over a database of one's own: a model that follows, and what goes wrong, in sentences."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.real.dev.running import READY, running
from tools.clone import Clone
from tools.postgres import find_postgres, run_postgres
from tools.shop_database import CUBE_USER, DATABASE, SHOP, load_shop

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("real cube")]

COMMAND = Path(sys.executable).with_name("floe-cube")
STAND_IN = Path(__file__).parents[1] / "cube" / "native_stand_in" / "preload.js"


@pytest.fixture(scope="module")
def database() -> Iterator[dict[str, str]]:
    """The shop's database, as Cube's variables."""
    password = secrets.token_urlsafe(24)
    with run_postgres(find_postgres(Clone.here())) as postgres:
        load_shop(postgres, password)
        yield {
            "CUBEJS_DB_HOST": "127.0.0.1",
            "CUBEJS_DB_PORT": str(postgres.port),
            "CUBEJS_DB_NAME": DATABASE,
            "CUBEJS_DB_USER": CUBE_USER,
            "CUBEJS_DB_PASS": password,
        }


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the shop's artifacts."""
    (tmp_path / "target").mkdir()
    for name in ("compiled_artifacts.json", "target/manifest.json", "target/catalog.json"):
        shutil.copy(SHOP / name, tmp_path / name)
    return tmp_path


def command(shop: Path, *more: str) -> list[str | Path]:
    return [
        *(COMMAND, "dev", "-a", shop / "compiled_artifacts.json", "-c", shop / "target" / "catalog.json"),
        *("--port", "0", "--sql-port", "0", "--addon-stand-in", STAND_IN, *more),
    ]


def title_of_status(address: str, token: str) -> str:
    """How `/meta` describes orders.status."""
    request = Request(f"{address}/cubejs-api/v1/meta", headers={"Authorization": f"Bearer {token}"})
    with urlopen(request, timeout=60) as response:
        cubes: list[dict[str, Any]] = json.load(response)["cubes"]
    (orders,) = (cube for cube in cubes if cube["name"] == "orders")
    return next(str(one["description"]) for one in orders["dimensions"] if one["name"] == "orders.status")


def test_cube_takes_over_a_changed_manifest(shop: Path, database: dict[str, str]) -> None:
    manifest = shop / "target" / "manifest.json"
    with running(command(shop), shop, database) as dev:
        lines = dev.until(READY)
        # No claim was given: its value comes from the database.
        assert any(line.startswith("A token for developer of organization_id ") for line in lines)
        address = next(line.split()[3] for line in lines if line.startswith("Cube answers on "))
        token = next(line.strip().removeprefix("TOKEN=") for line in lines if "TOKEN=" in line)
        before = title_of_status(address, token)
        document = json.loads(manifest.read_text())
        document["nodes"]["model.shop.orders"]["columns"]["status"]["description"] = "How far it is."
        manifest.write_text(json.dumps(document))
        dev.until("generated in ")
        until = time.monotonic() + 60
        while (now := title_of_status(address, token)) == before and time.monotonic() < until:
            time.sleep(0.2)
        assert now == "How far it is."
        assert dev.end() == 0


def refusal(shop: Path, variables: dict[str, str], *more: str) -> str:
    """What the command says when it can't start; never a traceback."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CUBEJS_")}
    result = subprocess.run(
        command(shop, *more), env={**inherited, **variables}, cwd=shop, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1, result.stdout
    assert "Traceback" not in result.stderr
    return result.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"CUBEJS_DB_PASS": "wrong-password"}, "refuses the login"),
        ({"CUBEJS_DB_NAME": "no_such_database"}, 'database "no_such_database" does not exist'),
        ({"CUBEJS_DB_PORT": "1"}, "at 127.0.0.1:1 can't be reached (ECONNREFUSED)"),
    ],
)
def test_a_database_that_refuses_is_told(
    shop: Path, database: dict[str, str], change: dict[str, str], said: str
) -> None:
    told = refusal(shop, {**database, **change})
    assert said in told
    assert "wrong-password" not in told


def test_no_database_is_told(shop: Path) -> None:
    assert "No database is named" in refusal(shop, {})


def test_a_port_in_use_is_told(shop: Path, database: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"Cube can't have the port {port}" in refusal(shop, database, "--port", port)
