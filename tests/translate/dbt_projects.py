"""Small dbt projects, made as dbt writes them: as JSON, read by the package's own reader."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from floe_cube_infra.inputs import dbt_catalog, dbt_manifest
from floe_cube_infra.inputs.dbt_catalog import Catalog
from floe_cube_infra.inputs.dbt_manifest import Manifest
from floe_cube_infra.model.cubes import CubeSchema, SemanticModel
from floe_cube_infra.model.members import CubeDimension, CubeJoin, CubeMeasure
from floe_cube_infra.translate.project import Translation, TranslationOptions, translate
from floe_cube_infra.translate.row_access import ColumnFilter, RowSecurity

OPEN = RowSecurity(enabled=False, filters=(ColumnFilter(column="organization_id", claim="organization_id"),))
FILTERED = RowSecurity(enabled=True, filters=(ColumnFilter(column="organization_id", claim="org"),))

Document = dict[str, Any]


def column(name: str, data_type: str | None = None, **keys: Any) -> Document:
    return {"name": name, "data_type": data_type, **keys}


def model(name: str, *columns: str | Document, package: str = "shop", cube: Any = None, **keys: Any) -> Document:
    """A model as in a manifest; `cube` is its `meta.cube`, and further keys are the node's own."""
    version = keys.get("version")
    described = [column(each) if isinstance(each, str) else each for each in columns]
    return {
        "unique_id": f"model.{package}.{name}" + (f".v{version}" if version is not None else ""),
        "resource_type": "model",
        "name": name,
        "package_name": package,
        "database": "dev",
        "schema": "public",
        "alias": name,
        "relation_name": f'"dev"."public"."{name}"',
        "original_file_path": f"models/{name}.sql",
        "columns": {each["name"]: each for each in described},
        "meta": {} if cube is None else {"cube": cube},
        **keys,
    }


def keyed(name: str, *columns: str | Document, key: str = "id", **keys: Any) -> Document:
    """A model whose first column is its key, by a constraint."""
    constraints = [{"type": "primary_key", "columns": [key]}]
    return model(name, key, *columns, **{"constraints": constraints, **keys})


def checked(kind: str, node: Document, column_name: str | None = None, /, **config: Any) -> Document:
    """A generic test as in a manifest; `arguments` are the test's own, the rest is its configuration."""
    arguments = config.pop("arguments", {})
    label = f"{kind}_{node['unique_id']}_{column_name}_{json.dumps([arguments, config], sort_keys=True)}"
    return {
        "unique_id": f"test.shop.{label}",
        "resource_type": "test",
        "name": label,
        "package_name": "shop",
        "attached_node": node["unique_id"],
        "column_name": column_name,
        "config": config,
        "depends_on": {"nodes": [node["unique_id"]]},
        "test_metadata": {"name": kind, "kwargs": {"column_name": column_name, **arguments}},
    }


def related(node: Document, column_name: str, to: Document, field: str = "id", **config: Any) -> Document:
    """A `relationships` test."""
    test = checked(
        "relationships", node, column_name, arguments={"to": f"ref('{to['name']}')", "field": field}, **config
    )
    # In dbt's order: what the test refers to, then what it tests.
    return {**test, "depends_on": {"nodes": [to["unique_id"], node["unique_id"]]}}


def foreign_key(to: Document, *to_columns: str, columns: Iterable[str] = ()) -> Document:
    """A constraint; for a column's own list, unless `columns` are given."""
    named = {"columns": list(columns)} if columns else {}
    return {"type": "foreign_key", "to": to["relation_name"], "to_columns": list(to_columns), **named}


def manifest_of(*nodes: Document, adapter: str = "postgres", **sections: Any) -> Manifest:
    document = {
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "adapter_type": adapter,
            "project_name": "shop",
        },
        "nodes": {node["unique_id"]: node for node in nodes},
        **sections,
    }
    return dbt_manifest.load(json.dumps(document).encode(), "manifest.json")


def catalog_of(tables: Mapping[str, Mapping[str, str]]) -> Catalog:
    """A catalog from column types by column name by `unique_id`."""
    document = {
        "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/catalog/v1.json"},
        "nodes": {
            unique_id: {
                "columns": {
                    name: {"name": name, "type": data_type, "index": index}
                    for index, (name, data_type) in enumerate(types.items())
                }
            }
            for unique_id, types in tables.items()
        },
    }
    return dbt_catalog.load(json.dumps(document).encode(), "catalog.json")


@dataclass(frozen=True)
class Translated:
    """A translation, by what tests ask for."""

    translation: Translation

    @property
    def model(self) -> SemanticModel:
        return self.translation.model

    @property
    def cubes(self) -> dict[str, CubeSchema]:
        return {cube.name: cube for cube in self.model.cubes}

    def dimensions(self, cube: str) -> dict[str, CubeDimension]:
        return {dimension.name: dimension for dimension in self.cubes[cube].dimensions}

    def measures(self, cube: str) -> dict[str, CubeMeasure]:
        return {measure.name: measure for measure in self.cubes[cube].measures}

    def joins(self, cube: str) -> dict[str, CubeJoin]:
        return {join.name: join for join in self.cubes[cube].joins}

    @property
    def errors(self) -> list[str]:
        """Those that stop the generation."""
        return [str(issue) for issue in self.translation.issues if issue.severity == "error" and issue.stops]

    @property
    def refusals(self) -> list[str]:
        """The errors that leave a cube which refuses every query."""
        return [str(issue) for issue in self.translation.issues if issue.severity == "error" and not issue.stops]

    @property
    def warnings(self) -> list[str]:
        return [str(issue) for issue in self.translation.issues if issue.severity == "warning"]

    @property
    def issues(self) -> list[str]:
        return [f"{issue.severity}: {issue}" for issue in self.translation.issues]


def translated(
    *nodes: Document, catalog: Catalog = dbt_catalog.EMPTY, sections: Mapping[str, Any] | None = None, **options: Any
) -> Translated:
    """Translates a project of these nodes; rows aren't filtered unless `security` says so."""
    database = options.get("database_type", "postgres")
    manifest = manifest_of(*nodes, adapter=options.pop("adapter", database), **(sections or {}))
    chosen = TranslationOptions(**{"database_type": "postgres", "security": OPEN, **options})
    return Translated(translate(manifest, catalog, chosen))
