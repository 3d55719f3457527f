"""The sample shop in a real database, made from what dbt left: seeds, types and compiled SQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Final

from tools.postgres import Postgres

SHOP: Final = Path(__file__).parents[3] / "examples" / "shop"
DATABASE: Final = "shop"
CUBE_USER: Final = "cube"
OWN_ROWS: Final = "own_rows"
"""A role for which PostgreSQL itself shows only rows of `test.organizations` (comma-separated)."""

FILTER_COLUMNS: Final = ("organization_id", "org_id")


def load_shop(postgres: Postgres, cube_password: str) -> None:
    """Makes the database `shop`, with a user for Cube who sees everything, and the role `own_rows`."""
    postgres.run(f"CREATE DATABASE {DATABASE}")
    postgres.run("\n".join(_statements(cube_password)), database=DATABASE)


def _statements(cube_password: str) -> Iterator[str]:
    nodes: dict[str, Any] = json.loads((SHOP / "target" / "manifest.json").read_text())["nodes"]
    catalog = json.loads((SHOP / "target" / "catalog.json").read_text())["nodes"]
    relations = {name: node for name, node in nodes.items() if node["resource_type"] in ("seed", "model", "snapshot")}
    for schema in sorted({node["schema"] for node in relations.values()}):
        yield f'CREATE SCHEMA "{schema}";'
    dependencies = {
        name: set(node["depends_on"].get("nodes", ())) & relations.keys() for name, node in relations.items()
    }
    for name in TopologicalSorter(dependencies).static_order():
        node = relations[name]
        if node["resource_type"] == "seed":
            yield from _seed(node, catalog[name]["columns"])
        elif node["config"]["materialized"] != "ephemeral":
            kind = "VIEW" if node["config"]["materialized"] == "view" else "TABLE"
            yield f"CREATE {kind} {node['relation_name']} AS {node['compiled_code']};"
    yield from _roles(cube_password)


def _seed(node: dict[str, Any], columns: dict[str, Any]) -> Iterator[str]:
    ordered = sorted(columns.values(), key=lambda column: column["index"])
    types = ", ".join(f"{column['name']} {column['type']}" for column in ordered)
    yield f"CREATE TABLE {node['relation_name']} ({types});"
    # Unlike statements, \copy takes no database's name in front.
    source = SHOP / node["original_file_path"]
    yield f"\\copy {node['schema']}.{node['alias']} from '{source}' with (format csv, header)"


def _roles(cube_password: str) -> Iterator[str]:
    yield f"CREATE ROLE {CUBE_USER} LOGIN BYPASSRLS PASSWORD '{cube_password}';"
    yield f"CREATE ROLE {OWN_ROWS};"
    yield f"GRANT USAGE ON SCHEMA shop TO {CUBE_USER}, {OWN_ROWS};"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA shop TO {CUBE_USER}, {OWN_ROWS};"
    yield (
        "SELECT "
        + " || ".join(
            [
                "format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY; ', attrelid::regclass)",
                f"format('CREATE POLICY own ON %s TO {OWN_ROWS} USING ', attrelid::regclass)",
                "format('(%I::text = ANY(string_to_array(current_setting(''test.organizations''), '','')));', attname)",
            ]
        )
        + f""" FROM pg_attribute WHERE attname IN {FILTER_COLUMNS} AND attrelid IN
        (SELECT oid FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind = 'r')\n\\gexec"""
    )
