"""The sample shop in a real database, made from what dbt left: seeds, types and compiled SQL."""

import json
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Final

from tools.postgres import Postgres

SHOP: Final = Path(__file__).parents[1] / "examples" / "shop"
DATABASE: Final = "shop"
CUBE_USER: Final = "cube"


def load_shop(postgres: Postgres, cube_password: str) -> None:
    """Makes the database `shop`, with a user for Cube who sees everything and may make schemas for rollups.

    Raises:
        SetupError: PostgreSQL refused.
    """
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
    yield f"CREATE ROLE {CUBE_USER} LOGIN BYPASSRLS PASSWORD '{cube_password}';"
    yield f"GRANT CREATE ON DATABASE {DATABASE} TO {CUBE_USER};"
    yield f"GRANT USAGE ON SCHEMA shop TO {CUBE_USER};"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA shop TO {CUBE_USER};"


def _seed(node: dict[str, Any], columns: dict[str, Any]) -> Iterator[str]:
    ordered = sorted(columns.values(), key=lambda column: column["index"])
    types = ", ".join(f"{column['name']} {column['type']}" for column in ordered)
    yield f"CREATE TABLE {node['relation_name']} ({types});"
    # Unlike statements, \copy takes no database's name in front.
    source = SHOP / node["original_file_path"]
    yield f"\\copy {node['schema']}.{node['alias']} from '{source}' with (format csv, header)"
