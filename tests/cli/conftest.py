"""A small dbt project's artifacts, and the command line run on them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.cli import main

SNAPSHOTS = Path(__file__).parent / "snapshots"
RENEW = "RENEW_SNAPSHOTS"


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.out)
        return document


class Project:
    """A dbt project's artifacts in a folder, to be damaged at will."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.artifacts = folder / "compiled_artifacts.json"
        self.manifest = folder / "target" / "manifest.json"
        self.out = folder / "out"
        self.manifest.parent.mkdir(parents=True)
        self.write_artifacts()
        self.write_manifest()

    def write_artifacts(self, consumption: dict[str, Any] | None = None, **other: object) -> None:
        document = {
            "version": "1.1.0",
            "metadata": {"compiled_at": "2026-01-02T03:04:05Z", "floe_core_version": "0.1.0", "source_hash": "ab12"},
            "compute": {"target": "postgres", "properties": {"host": "db"}},
            "dbt_manifest_path": "target/manifest.json",
            "consumption": {"enabled": True, **(consumption or {})},
            **other,
        }
        self.artifacts.write_text(json.dumps(document))

    def write_manifest(self, *models: str, schema: str = "v12", adapter: str = "postgres") -> None:
        """A manifest in which every model has what it needs, so that there is nothing to warn of."""
        metadata = {
            "dbt_schema_version": f"https://schemas.getdbt.com/dbt/manifest/{schema}.json",
            "adapter_type": adapter,
        }
        nodes = {f"model.shop.{name}": self._model(name) for name in models or ("customers", "orders")}
        self.manifest.write_text(json.dumps({"metadata": metadata, "nodes": nodes}))

    def add_a_warning(self) -> None:
        """A model without columns, of which no cube can be made."""
        document = json.loads(self.manifest.read_text())
        document["nodes"]["model.shop.bare"] = {**self._model("bare"), "columns": {}}
        self.manifest.write_text(json.dumps(document))

    def add_an_error(self) -> None:
        """A model without the filter column, so that its cube refuses every query."""
        document = json.loads(self.manifest.read_text())
        open_to_all = self._model("stores")
        del open_to_all["columns"]["organization_id"]
        document["nodes"]["model.shop.stores"] = open_to_all
        self.manifest.write_text(json.dumps(document))

    @staticmethod
    def _model(name: str) -> dict[str, Any]:
        columns = {"id": "integer", "organization_id": "text", "created_at": "timestamp"}
        return {
            "unique_id": f"model.shop.{name}",
            "resource_type": "model",
            "name": name,
            "package_name": "shop",
            "schema": "public",
            "alias": name,
            "relation_name": f'"shop"."public"."{name}"',
            "original_file_path": f"models/{name}.sql",
            "config": {"enabled": True, "materialized": "table"},
            "columns": {
                column: {"name": column, "data_type": data_type, "description": f"The {column}."}
                for column, data_type in columns.items()
            },
            "constraints": [{"type": "primary_key", "columns": ["id"]}],
        }


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "shop")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Answer]:
    """Runs `floe-cube` in this process, through the function that the entry point calls."""
    for name in ("FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["floe-cube", *map(str, arguments)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return run


@pytest.fixture
def matches_snapshot(tmp_path: Path) -> Callable[[str, str], None]:
    """Compares a text with a stored one; with RENEW_SNAPSHOTS=1 in the environment, stores it."""

    def compare(name: str, text: str) -> None:
        stored = SNAPSHOTS / f"{name}.txt"
        given = text.replace(str(tmp_path), "<folder>")
        if os.environ.get(RENEW):
            stored.write_text(given)
        assert stored.exists(), f"no such snapshot; store it with {RENEW}=1"
        assert given == stored.read_text()

    return compare
