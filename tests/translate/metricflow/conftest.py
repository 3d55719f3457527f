"""Small semantic layers, and what they become."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from floe_cube_infra.inputs import dbt_catalog, dbt_manifest
from floe_cube_infra.inputs.dbt_manifest import Manifest
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.members import CubeDimension, CubeMeasure
from floe_cube_infra.translate.issues import Issue, IssueLog
from floe_cube_infra.translate.joins import Joins
from floe_cube_infra.translate.metricflow import SemanticMembers, semantic_members
from floe_cube_infra.translate.selection import Selection
from floe_cube_infra.translate.sources import SourceModel, read_sources
from floe_cube_infra.translate.visibility import Classifications


@dataclass(frozen=True)
class Result:
    """What a semantic layer has become, with short ways to look at it."""

    members: SemanticMembers
    issues: tuple[Issue, ...]

    def measures(self, model: str = "orders") -> dict[str, CubeMeasure]:
        return {one.name: one for one in self.members.measures.get(f"model.p.{model}", ())}

    def dimensions(self, model: str = "orders") -> dict[str, CubeDimension]:
        return {one.name: one for one in self.members.dimensions.get(f"model.p.{model}", ())}

    def formula(self, measure: str, model: str = "orders") -> tuple[str, str | None, list[str]]:
        """A measure's type, SQL and filters."""
        found = self.measures(model)[measure]
        return found.type, found.sql, [condition.sql for condition in found.filters]

    def warnings(self, place: str) -> list[str]:
        return [one.message for one in self.issues if one.model == place and one.severity == "warning"]


def model(name: str, columns: list[str | dict[str, Any]], **fields: object) -> dict[str, Any]:
    described = [{"name": one} if isinstance(one, str) else one for one in columns]
    return {
        "unique_id": f"model.p.{name}",
        "resource_type": "model",
        "name": name,
        "package_name": "p",
        "columns": {one["name"]: one for one in described},
        **fields,
    }


def semantic(name: str, **fields: object) -> dict[str, Any]:
    return {
        "unique_id": f"semantic_model.p.{name}",
        "name": name,
        "depends_on": {"nodes": [f"model.p.{name}"]},
        "original_file_path": f"models/{name}.yml",
        **fields,
    }


def time(name: str, grain: str = "day", **fields: object) -> dict[str, Any]:
    return {"name": name, "type": "time", "type_params": {"time_granularity": grain}, **fields}


def category(name: str, expr: object = None) -> dict[str, Any]:
    return {"name": name, "type": "categorical", "expr": expr}


def entity(name: str, type_: str, expr: str | None = None) -> dict[str, Any]:
    return {"name": name, "type": type_, "expr": expr}


def metric(name: str, type_: str = "simple", *, where: list[str] | str | None = None, **fields: Any) -> dict[str, Any]:
    own = {key: fields.pop(key) for key in ("label", "description", "config", "meta") if key in fields}
    return {
        "unique_id": f"metric.p.{name}",
        "name": name,
        "type": type_,
        "type_params": fields,
        "filter": where if where is None or isinstance(where, str) else filters(*where),
        **own,
    }


def filters(*templates: str) -> dict[str, Any]:
    return {"where_filters": [{"where_sql_template": template} for template in templates]}


def manifest(parts: Mapping[str, list[dict[str, Any]]]) -> Manifest:
    document = {
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "adapter_type": "postgres",
            "project_name": "p",
        },
        "nodes": {},
        **{key: {one["unique_id"]: one for one in some} for key, some in parts.items()},
    }
    return dbt_manifest.load(json.dumps(document).encode(), "manifest.json")


def sources(read: Manifest) -> dict[str, SourceModel]:
    return read_sources(read, dbt_catalog.EMPTY, Selection(), IssueLog())


NODES = [
    model("orders", ["order_id", "customer_id", "amount", "status", "ordered_at", "Mixed Case", "secret"]),
    model("customers", ["customer_id", "region", "region_id", "created_at"]),
    model("regions", ["region_id", "country"]),
]

SEMANTIC_MODELS = [
    semantic(
        "orders",
        defaults={"agg_time_dimension": "ordered_at"},
        entities=[entity("order", "primary", "order_id"), entity("customer", "foreign", "customer_id")],
        dimensions=[
            time("ordered_at"),
            category("status"),
            category("is_large", "amount > 100"),
            category("undocumented"),
        ],
        measures=[
            {"name": "amount", "agg": "sum"},
            {"name": "order_count", "agg": "sum", "expr": 1},
            {"name": "buyers", "agg": "count_distinct", "expr": "customer_id"},
        ],
    ),
    semantic(
        "customers",
        defaults={"agg_time_dimension": "created_at"},
        entities=[entity("customer", "primary", "customer_id"), entity("region", "foreign", "region_id")],
        dimensions=[time("created_at"), category("region"), category("is_north", "region = 'north' or region = 'n'")],
        measures=[{"name": "customer_count", "agg": "count", "expr": "customer_id"}],
    ),
    semantic("regions", entities=[entity("region", "primary", "region_id")], dimensions=[category("country")]),
]


Translate = Callable[..., Result]


@pytest.fixture
def translate() -> Translate:
    """Translates metrics on orders, which belong to customers, who belong to regions."""

    def run(
        *metrics: dict[str, Any],
        measures: list[dict[str, Any]] | None = None,
        saved_queries: list[dict[str, Any]] | None = None,
        semantic_models: list[dict[str, Any]] | None = None,
        nodes: list[dict[str, Any]] | None = None,
        database_type: DatabaseType = "postgres",
        joins: Joins | None = None,
        classifications: Classifications | None = None,
    ) -> Result:
        models = semantic_models or SEMANTIC_MODELS
        if measures is not None:
            models = [{**models[0], "measures": [*models[0]["measures"], *measures]}, *models[1:]]
        read = manifest(
            {
                "nodes": nodes or NODES,
                "semantic_models": models,
                "metrics": list(metrics),
                "saved_queries": saved_queries or [],
            }
        )
        issues = IssueLog()
        members = semantic_members(
            read, sources(read), database_type, issues, joins=joins, classifications=classifications
        )
        return Result(members, issues.sorted())

    return run
