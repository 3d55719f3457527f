"""Small models to put texts into."""

from __future__ import annotations

from typing import Any

from floe_cube_infra.render.yaml_text import document

KEY = {"name": "id", "sql": "{CUBE}.id", "type": "string", "primary_key": True}


def model(name: str = "orders", *, dimensions: list[dict[str, Any]] | None = None, **keys: Any) -> dict[str, str]:
    """The file of one cube."""
    cube = {"name": name, "sql_table": f"shop.{name}", **keys, "dimensions": [KEY, *(dimensions or [])]}
    return {f"{name}.yml": document({"cubes": [cube]})}
