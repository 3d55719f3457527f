"""The compiler of these tests finds what is wrong: without that, the others would prove nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compile.compiler import Compiler
from tests.compile.models import KEY, model


def test_a_good_model_is_described(compiler: Compiler) -> None:
    amount = {"name": "amount", "type": "sum", "sql": "amount", "description": "In euro."}
    compiled = compiler(model(title="Sales", measures=[amount]))

    assert compiled.errors == ()
    orders = compiled.cubes["orders"]
    assert orders["title"] == "Sales"
    assert orders["sqlTable"] == {"sql": "shop.orders"}
    assert orders["dimensions"]["id"]["sql"] == '"orders".id'
    assert orders["measures"]["amount"]["description"] == "In euro."


@pytest.mark.parametrize("text", ["{{ 1 }}", "{% x", "x %}", "a }} b"])
def test_a_file_that_cube_would_run_through_jinja_is_refused_loudly(compiler: Compiler, text: str) -> None:
    compiled = compiler(model(description=text))
    assert len(compiled.errors) == 1
    assert "orders.yml for a Jinja template" in compiled.errors[0]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"description": "see {nowhere}"}, "nowhere is not defined"),
        ({"description": "a { brace"}, "Failed to parse Python expression"),
        ({"titel": "x"}, "titel"),
        ({"joins": [{"name": "nobody", "relationship": "many_to_one", "sql": "{CUBE}.x = {nobody}.x"}]}, "nobody"),
    ],
)
def test_a_mistake_is_an_error(compiler: Compiler, keys: dict[str, object], told: str) -> None:
    errors = compiler(model(**keys)).errors
    assert any(told in error for error in errors), errors


def test_an_error_does_not_outlive_its_request(compiler: Compiler) -> None:
    assert compiler(model(description="a { brace")).errors
    assert compiler(model(description="no brace")).errors == ()


def test_a_query_becomes_sql_or_an_error(compiler: Compiler) -> None:
    queries = [{"dimensions": ["orders.id"]}, {"dimensions": ["orders.nothing"]}]
    good, bad = compiler(model(), queries=queries).sql
    assert 'FROM\n      shop.orders AS "orders"' in good["sql"]
    assert "nothing" in bad["error"]


def test_a_folder_is_read_with_its_folders(compiler: Compiler, tmp_path: Path) -> None:
    (tmp_path / "model" / "cubes").mkdir(parents=True)
    for name, text in (model("orders") | model("items")).items():
        (tmp_path / "model" / "cubes" / name).write_text(text)
    (tmp_path / "model" / "orders.access.json").write_text("{}")
    assert set(compiler.folder(tmp_path).cubes) == {"orders", "items"}


def test_a_dimension_that_refers_to_itself_is_told_with_it(compiler: Compiler) -> None:
    compiled = compiler(model(dimensions=[{**KEY, "name": "loop", "primary_key": False, "sql": "{CUBE.loop}"}]))
    assert compiled.errors or "sqlError" in compiled.cubes["orders"]["dimensions"]["loop"]
