"""Half a file, or one with a few bytes changed: read, or refused in words, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floe_cube_infra.errors import CatalogError, ManifestError
from floe_cube_infra.inputs import dbt_catalog, dbt_manifest

TARGET = Path(__file__).parents[2] / "examples" / "shop" / "target"


def _small_manifest() -> bytes:
    """Every kind of node and value of the sample, with few enough bytes to cut at any of them."""
    document = json.loads((TARGET / "manifest.json").read_text())
    kinds = {node["resource_type"]: (key, node) for key, node in document["nodes"].items() if "raw_" not in key}
    small = {"metadata": document["metadata"], "nodes": dict(kinds.values()), "description": "Straße 道"}
    return json.dumps(small, ensure_ascii=False).encode()


MANIFEST = _small_manifest()
CATALOG = (TARGET / "catalog.json").read_bytes().rstrip()


@given(st.integers(min_value=1, max_value=len(MANIFEST) - 1))
@settings(max_examples=200, deadline=None)
def test_a_manifest_cut_off_anywhere_is_told_to_be_half_written(cut: int) -> None:
    with pytest.raises(ManifestError, match=r"is not valid JSON: it ends in the middle, as if dbt were still writing"):
        dbt_manifest.load(MANIFEST[:cut], "manifest.json")


@given(st.integers(min_value=0, max_value=len(CATALOG) - 1))
@settings(max_examples=100, deadline=None)
def test_a_catalog_cut_off_anywhere_is_refused(cut: int) -> None:
    with pytest.raises(CatalogError, match=r"can't be read.*Write it again"):
        dbt_catalog.load(CATALOG[:cut], "catalog.json")


CHANGES = st.lists(st.tuples(st.integers(min_value=0), st.integers(min_value=0, max_value=255)), min_size=1, max_size=4)


def _changed(content: bytes, changes: list[tuple[int, int]]) -> bytes:
    damaged = bytearray(content)
    for place, byte in changes:
        damaged[place % len(damaged)] = byte
    return bytes(damaged)


@given(CHANGES)
@settings(max_examples=200, deadline=None)
def test_a_manifest_with_changed_bytes_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    try:
        read = dbt_manifest.load(_changed(MANIFEST, changes), "manifest.json")
    except ManifestError:
        return
    assert read.metadata.dbt_schema_version is not None


@given(CHANGES)
@settings(max_examples=100, deadline=None)
def test_a_catalog_with_changed_bytes_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    try:
        read = dbt_catalog.load(_changed(CATALOG, changes), "catalog.json")
    except CatalogError:
        return
    assert read.metadata.dbt_schema_version
