"""Large dbt manifests, made as dbt would write them: models of 20 columns with 3 tests each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

COLUMNS = 20
_TYPES = ("integer", "character varying(255)", "numeric(12,2)", "timestamp with time zone", "boolean")
_FIRST_COLUMNS = ("id", "organization_id", "parent_id")


def write_manifest(path: Path, models: int) -> None:
    """Writes a manifest of so many models; each but the first refers to an earlier one.

    The size is about that of real ones, 14 kB a model, since dbt writes the SQL and the whole configuration too.
    """
    nodes: dict[str, Any] = {}
    for number in range(models):
        model = _model(number)
        nodes[model["unique_id"]] = model
        parent = f"model_{number // 3:05d}"
        tests = [_test(number, "unique", "id"), _test(number, "not_null", "id")]
        if number:
            arguments = {"to": f"ref('{parent}')", "field": "id"}
            tests.append(_test(number, "relationships", "parent_id", arguments, f"model.bench.{parent}"))
        nodes.update((test["unique_id"], test) for test in tests)
    empty = ("sources", "macros", "docs", "exposures", "metrics", "groups", "selectors", "disabled", "parent_map")
    more = ("child_map", "saved_queries", "semantic_models", "unit_tests")
    metadata = {
        "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
        "dbt_version": "1.10.15",
        "adapter_type": "postgres",
        "project_name": "bench",
    }
    path.write_text(json.dumps({"metadata": metadata, "nodes": nodes, **{key: {} for key in (*empty, *more)}}))


def change_one_model(path: Path, changed: Path) -> None:
    """Writes the manifest with one description changed, as dbt would after an edit."""
    changed.write_text(path.read_text().replace("Model 7 of the benchmark.", "Model 7, edited.", 1))


def write_artifacts(path: Path) -> None:
    """Writes artifacts that go with the manifests."""
    artifacts = {
        "version": "1.1.0",
        "metadata": {"compiled_at": "2026-01-01T00:00:00Z", "floe_core_version": "0.1.0", "source_hash": "bench"},
        "compute": {"target": "postgres", "properties": {}},
        "transforms": [],
        "consumption": {"enabled": True, "database_type": "postgres", "api_secret_ref": "cube-api"},
    }
    path.write_text(json.dumps(artifacts))


def _model(number: int) -> dict[str, Any]:
    name = f"model_{number:05d}"
    columns = [_column(number, place) for place in range(COLUMNS)]
    selected = ", ".join(column["name"] for column in columns)
    return {
        **_node(f"model.bench.{name}", "model", name, f"models/marts/{name}.sql"),
        "columns": {column["name"]: column for column in columns},
        "description": f"Model {number} of the benchmark.",
        "relation_name": f'"warehouse"."marts"."{name}"',
        "patch_path": f"bench://models/marts/{name}.yml",
        "raw_code": f"select {selected} from {{{{ source('raw', 'table') }}}} -- {'x' * 600}",
        "compiled_code": f"select {selected} from raw.table -- {'y' * 600}",
        "access": "protected",
        "constraints": [],
        "primary_key": ["id"],
        "depends_on": {"macros": [], "nodes": []},
    }


def _column(number: int, place: int) -> dict[str, Any]:
    return {
        "name": _FIRST_COLUMNS[place] if place < len(_FIRST_COLUMNS) else f"col_{place}",
        "description": f"Column {place} of model {number}, with a sentence that says what it holds.",
        "meta": {},
        "data_type": _TYPES[place % len(_TYPES)],
        "constraints": [],
        "quote": None,
        "config": {"meta": {}, "tags": []},
        "tags": [],
        "granularity": None,
        "doc_blocks": [],
    }


def _test(
    number: int, kind: str, column: str, arguments: dict[str, str] | None = None, other: str | None = None
) -> dict[str, Any]:
    model = f"model_{number:05d}"
    owner = f"model.bench.{model}"
    name = f"{kind}_{model}_{column}"
    kwargs = {"column_name": column, "model": f"{{{{ get_where_subquery(ref('{model}')) }}}}", **(arguments or {})}
    return {
        **_node(f"test.bench.{name}.{number:010x}", "test", name, f"models/marts/{model}.yml"),
        "raw_code": f"{{{{ test_{kind}(**_dbt_generic_test_kwargs) }}}}",
        "columns": {},
        "description": "",
        "depends_on": {"macros": [f"macro.dbt.test_{kind}"], "nodes": [*([other] if other else []), owner]},
        "column_name": column,
        "attached_node": owner,
        "test_metadata": {"name": kind, "kwargs": kwargs, "namespace": None},
    }


def _node(unique_id: str, resource_type: str, name: str, file: str) -> dict[str, Any]:
    config = {
        "enabled": True,
        "alias": None,
        "schema": None,
        "database": None,
        "tags": [],
        "meta": {},
        "group": None,
        "materialized": "test" if resource_type == "test" else "table",
        "severity": "ERROR",
        "where": None,
        "limit": None,
        "fail_calc": "count(*)",
        "warn_if": "!= 0",
        "error_if": "!= 0",
        "persist_docs": {},
        "post-hook": [],
        "pre-hook": [],
        "quoting": {},
        "column_types": {},
        "full_refresh": None,
        "on_schema_change": "ignore",
        "grants": {},
        "packages": [],
        "docs": {"show": True, "node_color": None},
        "contract": {"enforced": False, "alias_types": True},
    }
    return {
        "database": "warehouse",
        "schema": "marts",
        "name": name,
        "resource_type": resource_type,
        "package_name": "bench",
        "path": file,
        "original_file_path": file,
        "unique_id": unique_id,
        "fqn": ["bench", "marts", name],
        "alias": name,
        "checksum": {"name": "sha256", "checksum": "a" * 64},
        "config": config,
        "tags": [],
        "meta": {},
        "group": None,
        "docs": {"show": True, "node_color": None},
        "unrendered_config": {},
        "created_at": 1763900000.0,
        "doc_blocks": [],
        "language": "sql",
        "refs": [],
        "sources": [],
        "metrics": [],
        "compiled_path": None,
        "contract": {"enforced": False, "alias_types": True, "checksum": None},
    }
