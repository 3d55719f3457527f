"""Marquez's file, read as Marquez does: variables first, then YAML."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.render.marquez_config import DatabaseAddress, render_marquez_config

DATABASE = DatabaseAddress(host="db", port=5432, name="marquez", encrypted=True)


def text() -> str:
    return render_marquez_config(DATABASE, port=5000, admin_port=5001, retention_days=30)


def read(user: str, password: str) -> Any:
    return yaml.safe_load(text().replace("${POSTGRES_USER}", user).replace("${POSTGRES_PASSWORD}", password))


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="'$"), min_size=1))
def test_a_password_is_read_as_it_is(password: str) -> None:
    assert read("marquez", password)["db"]["password"] == password


@pytest.mark.parametrize("password", ["0123", "true", "null", "a: b # c", '"', "\\n", "{x}", "- a", "1e3"])
def test_a_password_that_looks_like_something_else_stays_a_text(password: str) -> None:
    assert read(password, password)["db"]["user"] == password


def test_nothing_secret_is_in_it() -> None:
    database = yaml.safe_load(text())["db"]
    assert (database["user"], database["password"]) == ("${POSTGRES_USER}", "${POSTGRES_PASSWORD}")


def test_both_ports_are_told() -> None:
    server = yaml.safe_load(text())["server"]
    (application,), (admin,) = server["applicationConnectors"], server["adminConnectors"]
    assert (application["port"], admin["port"]) == (5000, 5001)


def test_it_is_written_the_same_each_time() -> None:
    assert text() == text()
    assert text().endswith("}\n")
