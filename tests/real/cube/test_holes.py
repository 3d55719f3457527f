"""The two holes that were found in Cube's own access policies, each shown open without our layer and closed with it.

The model is made for it: rows of one organization refer to rows of another, and joins compare keys only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from floe_cube_infra.generation import Generated
from floe_cube_infra.render.files import CubeFiles
from tests.real.cube.clients import Cube, Serve, token
from tests.real.cube.variants import with_layers
from tools.postgres import Postgres
from tools.shop_database import CUBE_USER, DATABASE

pytestmark = pytest.mark.xdist_group("real cube")

TABLES = f"""
CREATE SCHEMA holes;
CREATE TABLE holes.items AS SELECT * FROM (VALUES (1, 1, 10), (2, 1, 20), (3, 2, 20)) t (id, organization_id, order_id);
CREATE TABLE holes.orders AS SELECT * FROM (VALUES (10, 1, 100), (20, 2, 100)) t (id, organization_id, customer_id);
CREATE TABLE holes.customers AS SELECT * FROM (VALUES (100, 1, 'Ada'), (200, 2, 'Bob')) t (id, organization_id, name);
GRANT USAGE ON SCHEMA holes TO {CUBE_USER};
GRANT SELECT ON ALL TABLES IN SCHEMA holes TO {CUBE_USER};
"""
OWN_ROWS = {
    "member": "CUBE.organization_id",
    "operator": "equals",
    "values": "{ securityContext.filter_claims.organization_id }",
}
# The cubes whose joins compare keys only, and those whose joins equate the owners, too.
PLAIN, EQUATED = "plain", "equated"


def _cube(kind: str, table: str, joins: dict[str, tuple[str, str]], *dimensions: dict[str, Any]) -> dict[str, str]:
    """The files of one cube; `joins` has relationship and columns by the other table's name."""
    name = f"{kind}_{table}"
    key = {"name": "id", "sql": "{CUBE}.id", "type": "number", "primary_key": True}
    owner = {"name": "organization_id", "sql": "{CUBE}.organization_id", "type": "number"}
    cube = {
        "name": name,
        "sql_table": f"holes.{table}",
        "joins": [_join(kind, other, *join) for other, join in joins.items()],
        "dimensions": [key, owner, *dimensions],
        "measures": [{"name": "count", "type": "count"}],
        "access_policy": [{"group": "*", "row_level": {"filters": [OWN_ROWS]}}],
    }
    rule = {
        "name": name,
        "kind": "cube",
        "access": {
            "kind": "filter",
            "filters": [{"member": "organization_id", "claim": "organization_id", "type": "number", "exempts": False}],
        },
        "hidden": [],
        "clear": {},
        "joins": sorted(f"{kind}_{other}" for other in joins),
        "members": {"n_orders": [f"{kind}_orders.count"]} if table == "customers" else {},
    }
    return {
        f"model/cubes/{name}.yml": json.dumps({"cubes": [cube]}, indent=1),
        f"model/cubes/{name}.access.json": json.dumps(rule),
    }


def _join(kind: str, table: str, relationship: str, columns: str) -> dict[str, str]:
    other = f"{kind}_{table}"
    sql = columns.replace("OTHER", f"{{{other}}}")
    if kind == EQUATED:
        sql += f" AND {{CUBE}}.organization_id = {{{other}}}.organization_id"
    return {"name": other, "relationship": relationship, "sql": sql}


def _model(kind: str) -> dict[str, str]:
    name = {"name": "name", "sql": "{CUBE}.name", "type": "string"}
    n_orders = {"name": "n_orders", "sql": f"{{{kind}_orders.count}}", "type": "number", "sub_query": True}
    return {
        **_cube(kind, "items", {"orders": ("many_to_one", "{CUBE}.order_id = OTHER.id")}),
        **_cube(kind, "orders", {"customers": ("many_to_one", "{CUBE}.customer_id = OTHER.id")}),
        **_cube(kind, "customers", {"orders": ("one_to_many", "{CUBE}.id = OTHER.customer_id")}, name, n_orders),
    }


@pytest.fixture(scope="module")
def tables(postgres: Postgres) -> Iterator[None]:
    postgres.run(TABLES, database=DATABASE)
    yield
    postgres.run("DROP SCHEMA holes CASCADE", database=DATABASE)


@pytest.fixture(scope="module")
def files(generated: Generated, tables: None) -> CubeFiles:
    return CubeFiles(configuration=generated.files.configuration, model={**_model(PLAIN), **_model(EQUATED)})


@pytest.fixture(scope="module")
def all_layers(serve: Serve, files: CubeFiles) -> Iterator[Cube]:
    with serve(files) as cube:
        yield cube


@pytest.fixture(scope="module")
def policies_only(serve: Serve, files: CubeFiles) -> Iterator[Cube]:
    with serve(with_layers(files, frozenset({"claims", "policies"}))) as cube:
        yield cube


def test_a_join_hop_of_which_nothing_is_asked_for_is_filtered_too(all_layers: Cube, policies_only: Cube) -> None:
    # The second item gets to Ada over an order of the other organization.
    assert _items_by_customer(policies_only, PLAIN) == [("Ada", "2")]
    assert _items_by_customer(all_layers, PLAIN) == [("Ada", "1")]


def test_a_sub_query_counts_no_rows_of_others_where_joins_equate_the_owners(all_layers: Cube) -> None:
    assert _orders_of_customers(all_layers, PLAIN) == [("Ada", "2")]
    assert _orders_of_customers(all_layers, EQUATED) == [("Ada", "1")]


def test_every_generated_join_between_two_filtered_cubes_equates_their_owners(generated: Generated) -> None:
    filters = {
        rule.name: rule.access.filters[0].member
        for rule in generated.model.access_rules
        if rule.access.kind == "filter"
    }
    joins = [(cube.name, join) for cube in generated.model.cubes for join in cube.joins]
    assert len(joins) > 10
    for name, join in joins:
        own, theirs = filters[name], filters[join.name]
        assert f"{{CUBE}}.{own} = {{{join.name}}}.{theirs}" in join.sql


def _items_by_customer(cube: Cube, kind: str) -> list[tuple[str, ...]]:
    return _rows(cube, {"dimensions": [f"{kind}_customers.name"], "measures": [f"{kind}_items.count"]})


def _orders_of_customers(cube: Cube, kind: str) -> list[tuple[str, ...]]:
    return _rows(cube, {"dimensions": [f"{kind}_customers.name", f"{kind}_customers.n_orders"]})


def _rows(cube: Cube, query: dict[str, Any]) -> list[tuple[str, ...]]:
    answer = cube.load(query, token(1))
    assert answer.status == 200, answer
    members = [*query.get("dimensions", []), *query.get("measures", [])]
    return [tuple(str(row[member]) for member in members) for row in answer.body["data"]]
