"""`make demo`: from nothing that runs to the first answers, by the very lines that it prints."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import DOCS, snippets
from tests.docs.test_snippets import commands, is_shown
from tests.real.dev.running import READY, printed_after, running

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("real cube")]

PROJECT = Path(__file__).parents[3]
# Orders of organization 1 in the seeds.
ORDERS = sum(
    line.split(",")[2] == "1" for line in (PROJECT / "examples/shop/seeds/raw_orders.csv").read_text().splitlines()[1:]
)


def questions_of_the_quickstart() -> list[tuple[str, list[str]]]:
    """What docs/quickstart.md asks the demo, and the answers that it shows."""
    asked = [one for one in snippets(DOCS / "quickstart.md") if one.language == "console" and one.not_run is not None]
    found = [question for one in asked for question in commands(one) if question[0].startswith("curl")]
    assert len(found) >= 4
    return found


def answer(token: str, line: str) -> Any:
    """What a printed line answers in a shell; asked again while Cube is still at it."""
    while True:
        result = subprocess.run(["sh", "-c", f"{token}\n{line}"], capture_output=True, text=True, check=True)
        decoded = json.loads(result.stdout)
        if decoded.get("error") != "Continue wait":
            return decoded


def test_the_demo_answers_what_it_prints_and_ends_with_all_that_it_started() -> None:
    command = [sys.executable, "-m", "tools", "demo", "--port", "0", "--sql-port", "0"]
    with running(command, PROJECT, {}) as demo:
        lines = demo.until(READY)
        (address,) = {match[0] for line in lines for match in re.finditer(r"http://127\.0\.0\.1:\d+", line)}
        assert any(line.startswith(f"Cube answers on {address} after ") for line in lines), "\n".join(lines)
        token = next(line.strip() for line in lines if line.startswith("  TOKEN="))
        rest = answer(token, printed_after(lines, "REST:"))["data"]
        graphql = answer(token, printed_after(lines, "GraphQL:"))["data"]["cube"]
        assert sum(int(row["orders.count"]) for row in rest) == ORDERS
        assert {row["orders.status"]: int(row["orders.count"]) for row in rest} == {
            row["orders"]["status"]: row["orders"]["count"] for row in graphql
        }
        for command, shown in questions_of_the_quickstart():
            there = command.replace("http://127.0.0.1:4000", address)
            result = subprocess.run(["sh", "-c", f"{token}\n{there}"], capture_output=True, text=True, check=True)
            assert is_shown(shown, result.stdout.splitlines()), f"{command}\nanswers\n{result.stdout}"
        assert demo.end() == 0
    postgres = next(line for line in lines if "PostgreSQL of its own" in line)
    for port in (address.rpartition(":")[2], postgres.rpartition(":")[2]):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(port)), timeout=5).close()
