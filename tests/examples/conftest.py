"""What dbt and the compiler wrote for the shop example, decoded once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

SHOP = Path(__file__).parents[2] / "examples" / "shop"


@pytest.fixture(scope="session")
def manifest() -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads((SHOP / "target" / "manifest.json").read_text())
    return decoded


@pytest.fixture(scope="session")
def catalog() -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads((SHOP / "target" / "catalog.json").read_text())
    return decoded


@pytest.fixture(scope="session")
def artifacts() -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads((SHOP / "compiled_artifacts.json").read_text())
    return decoded


@pytest.fixture(scope="session")
def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Gives the models by what follows "model.shop." in their id, such as ``payments.v2``."""
    return {
        key.removeprefix("model.shop."): node
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
    }
