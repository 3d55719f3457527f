"""Cubes, roles and views as YAML: what is read back is what the model says."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.model.access import Filtered, Refused, RowAccess, RowFilter, Unfiltered
from floe_cube_infra.model.cubes import CubeSchema, RoleCube
from floe_cube_infra.model.members import (
    CubeDimension,
    CubeHierarchy,
    CubeJoin,
    CubeMeasure,
    CubeSegment,
    MeasureFilter,
    RollingWindow,
)
from floe_cube_infra.model.pre_aggregations import CubePreAggregation
from floe_cube_infra.model.views import CubeView, ViewCube, ViewFolder, ViewMember
from floe_cube_infra.render.model_yaml import render_cube, render_role, render_view

ID = CubeDimension(name="id", sql="{CUBE}.id", type="number", primary_key=True)


def cube(**values: Any) -> CubeSchema:
    defaults = {"name": "orders", "sql_table": "orders", "dimensions": (ID,), "dbt_node": "model.shop.orders"}
    return CubeSchema(**{"access": Unfiltered(), **defaults, **values})


def read_cube(**values: Any) -> dict[str, Any]:
    (found,) = yaml.safe_load(render_cube(cube(**values)))["cubes"]
    return dict(found)


def read_view(**values: Any) -> dict[str, Any]:
    defaults = {"name": "sales", "cubes": (), "dbt_node": "model.shop.orders"}
    (found,) = yaml.safe_load(render_view(CubeView(**{**defaults, **values})))["views"]
    return dict(found)


OPEN_POLICY = [{"group": "*", "row_level": {"allow_all": True}}]


def test_a_small_cube_says_no_more_than_it_must() -> None:
    assert read_cube() == {
        "name": "orders",
        "sql_table": "orders",
        "dimensions": [{"name": "id", "sql": "{CUBE}.id", "type": "number", "primary_key": True}],
        "access_policy": OPEN_POLICY,
    }


def test_all_of_a_cube_arrives_in_cubes_own_words() -> None:
    found = read_cube(
        sql_table='"dev"."public"."orders"',
        title="Orders",
        description="What was bought.",
        public=False,
        meta={"team": {"name": "sales"}, "tags": ["a", 1, None, True]},
        dimensions=(
            ID,
            CubeDimension(
                name="total",
                sql="{CUBE}.total",
                type="number",
                title="Total",
                description="In EUR.",
                format="currency",
                public=True,
                meta={"unit": "EUR"},
            ),
            CubeDimension(name="n", sql="{items.count}", type="number", sub_query=True),
        ),
        measures=(
            CubeMeasure(name="count", type="count"),
            CubeMeasure(
                name="revenue",
                type="sum",
                sql="{total}",
                filters=(MeasureFilter(sql="{CUBE}.paid"),),
                rolling_window=RollingWindow(trailing="7 day", offset="end"),
                drill_members=("id", "customers.name"),
                format="currency",
            ),
        ),
        segments=(CubeSegment(name="paid", sql="{CUBE}.paid", title="Paid"),),
        hierarchies=(CubeHierarchy(name="h", levels=("total", "id")),),
        joins=(CubeJoin(name="customers", relationship="many_to_one", sql="{CUBE}.c = {customers}.id"),),
        pre_aggregations=(CubePreAggregation(name="main", measures=("CUBE.count",), granularity="day"),),
    )
    assert found == {
        "name": "orders",
        "sql_table": '"dev"."public"."orders"',
        "title": "Orders",
        "description": "What was bought.",
        "public": False,
        "meta": {"team": {"name": "sales"}, "tags": ["a", 1, None, True]},
        "joins": [{"name": "customers", "relationship": "many_to_one", "sql": "{CUBE}.c = {customers}.id"}],
        "dimensions": [
            {"name": "id", "sql": "{CUBE}.id", "type": "number", "primary_key": True},
            {
                "name": "total",
                "sql": "{CUBE}.total",
                "type": "number",
                "title": "Total",
                "description": "In EUR.",
                "format": "currency",
                "public": True,
                "meta": {"unit": "EUR"},
            },
            {"name": "n", "sql": "{items.count}", "type": "number", "sub_query": True},
        ],
        "measures": [
            {"name": "count", "type": "count"},
            {
                "name": "revenue",
                "type": "sum",
                "sql": "{total}",
                "filters": [{"sql": "{CUBE}.paid"}],
                "rolling_window": {"trailing": "7 day", "offset": "end"},
                "drill_members": ["CUBE.id", "customers.name"],
                "format": "currency",
            },
        ],
        "segments": [{"name": "paid", "sql": "{CUBE}.paid", "title": "Paid"}],
        "hierarchies": [{"name": "h", "levels": ["CUBE.total", "CUBE.id"]}],
        "pre_aggregations": [{"name": "main", "type": "rollup", "measures": ["CUBE.count"], "granularity": "day"}],
        "access_policy": OPEN_POLICY,
    }


@pytest.mark.parametrize(
    ("access", "row_level"),
    [
        (Unfiltered(), {"allow_all": True}),
        (
            Filtered(filters=(RowFilter(member="org", claim="organization"),)),
            {
                "filters": [
                    {
                        "member": "CUBE.org",
                        "operator": "equals",
                        "values": "{ securityContext.filter_claims.organization }",
                    }
                ]
            },
        ),
        (
            Refused(),
            {"filters": [{"member": "CUBE.id", "operator": each} for each in ("set", "notSet")]},
        ),
    ],
)
def test_every_cube_and_role_has_a_policy_for_everyone(access: RowAccess, row_level: dict[str, Any]) -> None:
    policy = [{"group": "*", "row_level": row_level}]
    assert read_cube(access=access)["access_policy"] == policy
    role = RoleCube(name="returned", extends="orders", access=access, dbt_node="model.shop.orders")
    (found,) = yaml.safe_load(render_role(role, cube(access=access)))["cubes"]
    assert found["access_policy"] == policy


def test_a_cube_without_a_word_about_its_access_is_refused() -> None:
    fields = cube().model_dump(exclude={"access"})
    (found,) = yaml.safe_load(render_cube(CubeSchema(**fields)))["cubes"]
    assert [each["operator"] for each in found["access_policy"][0]["row_level"]["filters"]] == ["set", "notSet"]


def test_a_role_says_what_it_extends_and_little_else() -> None:
    role = RoleCube(
        name="billing", extends="orders", access=Unfiltered(), title="Billing", dbt_node="model.shop.orders"
    )
    assert yaml.safe_load(render_role(role, cube())) == {
        "cubes": [{"name": "billing", "extends": "orders", "title": "Billing", "access_policy": OPEN_POLICY}]
    }


def test_all_of_a_view_arrives_in_cubes_own_words() -> None:
    found = read_view(
        title="Sales",
        description="For the board.",
        public=True,
        meta={"a": 1},
        cubes=(
            ViewCube(join_path="orders", includes="*", excludes=("id",)),
            ViewCube(
                join_path="orders.customers",
                includes=("name", ViewMember(name="id", alias="customer", title="Customer")),
                prefix=True,
                alias="buyer",
            ),
        ),
        folders=(ViewFolder(name="Who", includes=("buyer_name",)), ViewFolder(name="f", includes="*")),
    )
    assert found == {
        "name": "sales",
        "title": "Sales",
        "description": "For the board.",
        "public": True,
        "meta": {"a": 1},
        "cubes": [
            {"join_path": "orders", "includes": "*", "excludes": ["id"]},
            {
                "join_path": "orders.customers",
                "includes": ["name", {"name": "id", "alias": "customer", "title": "Customer"}],
                "prefix": True,
                "alias": "buyer",
            },
        ],
        "folders": [
            {"name": "Who", "includes": ["buyer_name"]},
            # A lone f is read as the beginning of a Python string.
            {"name": "\\x66", "includes": "*"},
        ],
        "access_policy": OPEN_POLICY,
    }


def test_a_comment_says_which_dbt_node_and_file_it_comes_from() -> None:
    lines = render_cube(cube(dbt_file="models/orders.sql")).splitlines()
    assert lines[0] == "# Generated by floe-cube from the dbt node model.shop.orders (models/orders.sql)."
    assert lines[1].startswith("# ")


@given(st.text(st.characters(codec="utf-8")))
def test_no_name_of_a_node_or_file_gets_out_of_its_comment_or_is_a_template(name: str) -> None:
    written = render_cube(cube(dbt_node=f"model.{name}", dbt_file=name))
    assert yaml.safe_load(written) == yaml.safe_load(render_cube(cube()))
    head = written[: written.index("cubes:")]
    assert not any(mark in head for mark in ("{{", "}}", "{%", "%}", "{#"))


TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
TEMPLATES = st.sampled_from(
    ["{{ x }}", "{% raw %}", "a {b} c", "${process.exit()}", "f", "`", "\\", "\\{x}", "}}", "{#"]
)


@given(TEXT | TEMPLATES)
def test_no_text_is_a_template_or_a_reference(value: str) -> None:
    written = render_cube(cube(title=value, description=value, meta={"key": value}))
    body = written[written.index("cubes:") :]
    assert not any(mark in body for mark in ("{{", "}}", "{%", "%}"))
    (found,) = yaml.safe_load(written)["cubes"]
    # Nothing between braces but the empty constant and what has a backslash before it.
    assert "{" not in found["title"].replace("\\{", "").replace("{''}", "")


@given(TEXT)
def test_equal_cubes_give_equal_text(value: str) -> None:
    one, other = (render_cube(cube(description=value)) for _ in range(2))
    assert one == other


def test_numbers_in_meta_stay_numbers_and_numbers_as_text_stay_text() -> None:
    meta = {"a": 1, "b": "1", "c": 1.5, "d": "1.5", "e": True, "f_": "true", "g": None, "h": "null"}
    assert read_cube(meta=meta)["meta"] == meta
