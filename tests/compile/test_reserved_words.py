"""The names that Cube can't take are those that `cube_text` lists."""

from __future__ import annotations

import keyword

import pytest

from floe_cube_infra.model.names import KEYWORDS, RESERVED, is_cube_name, is_member_name
from floe_cube_infra.render.yaml_text import document
from tests.compile.compiler import Compiled, Compiler
from tests.compile.models import model

pytestmark = pytest.mark.real

# Words that mean something in Python, JavaScript or Cube, and of which Cube takes some and others not.
# fmt: off
SUSPECTS = sorted(
    {*RESERVED, "CUBE", "F", "FILTER_PARAMS", "Infinity", "NaN", "Object", "arguments", "constructor", "context",
     "count", "cube", "dimensions", "eval", "exec", "f", "fr", "get", "global_", "hasOwnProperty", "id_", "joins",
     "length", "mask", "measures", "meta", "module", "name", "of", "print", "process", "prototype", "r", "require",
     "set", "shown", "sql", "sqlTable", "sql_", "sql_table", "title", "toString", "type", "undefined", "valueOf",
     "view", "views", "who_extends", "__proto__"}
)
# fmt: on


def member(name: str, reference: str) -> dict[str, str]:
    """A model with a dimension of that name, which is referred to wherever references can be."""
    return model(
        dimensions=[
            {"name": name, "type": "string", "sql": "{CUBE}.found"},
            {"name": "referring", "type": "string", "sql": f"< {{{reference}}} >"},
        ],
        measures=[{"name": "number", "type": "count", "drill_members": [reference]}],
        hierarchies=[{"name": "path", "levels": [reference]}],
        pre_aggregations=[{"name": "rollup", "type": "rollup", "dimensions": [reference], "external": False}],
        access_policy=[{"group": "*", "row_level": {"filters": [{"member": reference, "operator": "set"}]}}],
    )


def is_taken(compiled: Compiled, name: str) -> bool:
    dimensions = {} if compiled.errors else compiled.cubes["orders"]["dimensions"]
    queried = all('"orders".found' in told.get("sql", "") for told in compiled.sql)
    return name in dimensions and dimensions["referring"].get("sql") == '< "orders".found >' and queried


@pytest.mark.parametrize("name", SUSPECTS)
def test_a_member_can_be_called_so_if_we_say_it_can(compiler: Compiler, name: str) -> None:
    # No rollup has both.
    query = {"dimensions": [f"orders.{name}", "orders.id"]}
    assert is_taken(compiler(member(name, f"CUBE.{name}"), queries=[query]), name) == is_member_name(name)


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_no_reference_can_begin_with_a_reserved_word(compiler: Compiler, name: str) -> None:
    assert not is_taken(compiler(member(name, name)), name)


@pytest.mark.parametrize("name", SUSPECTS)
def test_a_cube_can_be_called_so_if_we_say_it_can(compiler: Compiler, name: str) -> None:
    join = {"name": name, "relationship": "many_to_one", "sql": f"{{CUBE}}.x = {{{name}}}.id"}
    reference = {"name": "theirs", "type": "string", "sql": f"{{{name}.id}}"}
    view = {"name": "seen", "cubes": [{"join_path": f"lines.{name}", "includes": ["id"]}]}
    files = model(name) | model("lines", joins=[join], dimensions=[reference])
    queries = [
        {"dimensions": ["lines.id", f"{name}.id"]},
        {"dimensions": ["lines.theirs"]},
        {"dimensions": ["seen.id"]},
    ]
    compiled = compiler(files | {"seen.yml": document({"views": [view]})}, queries=queries)

    taken = not compiled.errors and all(" JOIN " in told.get("sql", "") for told in compiled.sql)
    # These four work, but would make `{CUBE}` and its like mean two things.
    assert taken == is_cube_name(name) or name in {"CUBE", "TABLE", "SECURITY_CONTEXT", "SQL_UTILS"}


def test_pythons_own_list_holds_no_other_keyword() -> None:
    assert set(keyword.kwlist) == KEYWORDS
