"""Models made the way users make them: from files of dbt and of the floe compiler."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from floe_cube_infra.generation import Generated, generate
from floe_cube_infra.inputs.settings import parse

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "examples" / "shop"
SHOP_MANIFEST = SHOP / "target" / "manifest.json"


def read_manifest(path: Path) -> dict[str, Any]:
    """A manifest, packed with gzip or not."""
    content = path.read_bytes()
    decoded: dict[str, Any] = json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
    return decoded


def generate_from(manifest: dict[str, Any], folder: Path, *, row_level: bool = True) -> Generated:
    """What is generated from a manifest and the least artifacts that fit its adapter.

    Args:
        manifest: The decoded manifest.
        folder: Where to put the files that are read.
        row_level: Whether rows are filtered, by `organization_id`.
    """
    database = manifest["metadata"]["adapter_type"]
    artifacts = {
        "version": "1.1.0",
        "metadata": {"compiled_at": "2026-01-01T00:00:00Z", "floe_core_version": "0.1.0", "source_hash": "0" * 64},
        "compute": {"target": database},
        "transforms": [],
        "consumption": {"enabled": True, "database_type": database, "security": {"row_level": row_level}},
        "dbt_manifest_path": "manifest.json",
    }
    (folder / "compiled_artifacts.json").write_text(json.dumps(artifacts))
    (folder / "manifest.json").write_text(json.dumps(manifest))
    generated = generate(parse({"artifacts": "compiled_artifacts.json", "environment": "dev"}, "a test"), folder)
    assert generated is not None
    return generated
