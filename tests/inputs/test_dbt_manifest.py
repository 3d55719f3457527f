from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.errors import ManifestError
from floe_cube_infra.inputs import dbt_manifest
from floe_cube_infra.inputs.dbt_manifest import Column, ColumnConfig, Manifest, Node, NodeConfig

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "target" / "manifest.json"
SCHEMA = "https://schemas.getdbt.com/dbt/manifest/{}.json"


def document(version: str = "v12", **nodes: object) -> dict[str, Any]:
    return {
        "metadata": {"dbt_schema_version": SCHEMA.format(version), "dbt_version": "1.10.0", "adapter_type": "postgres"},
        "nodes": {f"model.shop.{name}": node for name, node in nodes.items()},
    }


def model(name: str = "orders", **fields: object) -> dict[str, Any]:
    return {"unique_id": f"model.shop.{name}", "resource_type": "model", "name": name, **fields}


def load(content: object) -> Manifest:
    return dbt_manifest.load(json.dumps(content).encode(), "manifest.json")


def refusal(content: bytes) -> str:
    with pytest.raises(ManifestError) as caught:
        dbt_manifest.load(content, "manifest.json")
    return str(caught.value)


def check_against_json(content: bytes) -> Manifest:
    """Compares what was read with what plain json says."""
    expected = json.loads(content)
    manifest = dbt_manifest.load(content, "manifest.json")

    kinds = Counter(node["resource_type"] for node in expected["nodes"].values())
    assert sum(1 for _ in manifest.models()) == kinds["model"] > 0
    assert sum(1 for _ in manifest.tests()) == kinds["test"]
    assert manifest.metadata.adapter_type == expected["metadata"]["adapter_type"]
    for key, node in expected["nodes"].items():
        read = manifest.nodes[key]
        assert read.name == node["name"]
        assert set(read.columns or {}) == set(node.get("columns") or {})
        assert read.relation_name == node.get("relation_name")
    return manifest


def test_the_sample_project_is_read_whole() -> None:
    manifest = check_against_json(SHOP.read_bytes())

    assert "model.shop.orders" in {node.unique_id for node in manifest.models()}


def test_real_manifests_of_every_engine_and_adapter_are_read_whole(real_data: Path) -> None:
    files = sorted((real_data / "manifests").glob("*.json.gz"))
    assert files
    for file in files:
        check_against_json(gzip.decompress(file.read_bytes()))


@pytest.mark.parametrize("version", ["v10", "v11", "v12", "v20"])
def test_supported_schemas_are_read(version: str) -> None:
    assert [node.name for node in load(document(version, orders=model())).models()] == ["orders"]


@pytest.mark.parametrize("version", ["v1", "v9"])
def test_an_older_schema_is_refused_with_the_oldest_allowed(version: str) -> None:
    text = refusal(json.dumps(document(version)).encode())

    assert f"has schema {version}; allowed are v10 (dbt 1.6) and newer" in text


def test_an_older_schema_is_what_is_told_even_where_its_fields_have_other_types() -> None:
    old = document("v7", orders=model(columns=["id"]))

    assert "has schema v7" in refusal(json.dumps(old).encode())


@pytest.mark.parametrize(
    "version", ["", "manifest/v12.json", "https://schemas.getdbt.com/dbt/manifest/v" + "1" * 5000 + ".json"]
)
def test_a_schema_that_isnt_dbts_is_refused(version: str) -> None:
    content = {"metadata": {"dbt_schema_version": version}, "nodes": {}}

    assert "is no dbt manifest: metadata.dbt_schema_version is" in refusal(json.dumps(content).encode())


@pytest.mark.parametrize("artifact", ["catalog/v1", "run-results/v6", "sources/v3", "semantic_manifest/v1"])
def test_another_artifact_of_dbt_is_refused_by_name(artifact: str) -> None:
    content = {
        "metadata": {"dbt_schema_version": f"https://schemas.getdbt.com/dbt/{artifact}.json"},
        "nodes": {},
        "results": [],
    }

    text = refusal(json.dumps(content).encode())
    assert artifact in text
    assert "not another artifact of dbt" in text


def test_the_samples_catalog_is_no_manifest() -> None:
    assert "/dbt/catalog/v1.json" in refusal((SHOP.parent / "catalog.json").read_bytes())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{}", "it has no `metadata`"),
        (b'{"metadata": null, "nodes": {}}', "it has no `metadata`"),
        (b'{"metadata": {}, "nodes": {}}', "dbt_schema_version is missing"),
        (b"[]", "is JSON but no dbt manifest"),
        (b"3", "is JSON but no dbt manifest"),
        (b'{"metadata": 3}', "is JSON but no dbt manifest"),
        (b"", "it is empty"),
        (b" \n ", "it is empty"),
        (b"nodes: {}", "is not valid JSON"),
        (b'{"metadata": {"dbt_schema_version": "\xff"}}', "is not valid JSON"),
        (b'{"metadata": {}, "nodes": {}} trailing', "is not valid JSON"),
    ],
)
def test_what_is_no_manifest_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    assert reason in refusal(content)


@pytest.mark.parametrize("opening", [b"[", b'{"nodes": ', b'{"unknown": ', b'{"metadata": {}, "x": ' + b"[" * 9])
def test_a_hundred_thousand_brackets_are_an_error_like_any_other(opening: bytes) -> None:
    assert refusal(opening * 100_000).endswith(("Run dbt again.", "Give target/manifest.json."))


def test_brackets_below_a_used_field_are_an_error_like_any_other() -> None:
    content = json.dumps(document(orders=model(meta="HERE"))).encode()

    assert refusal(content.replace(b'"HERE"', b'{"a":' * 100_000 + b"1" + b"}" * 100_000))


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"columns": [1]}, "columns"),
        ({"columns": {"id": {"name": 3}}}, "name"),
        ({"config": {"enabled": "yes"}}, "enabled"),
        ({"meta": "text"}, "meta"),
        ({"name": None}, "name"),
        ({"description": {"a": "b"}}, "description"),
    ],
)
def test_a_field_of_another_type_is_refused_with_its_place(fields: dict[str, Any], place: str) -> None:
    text = refusal(json.dumps(document(orders={**model(), **fields})).encode())

    assert "has a field of an unexpected type" in text
    assert "$.nodes[...]" in text
    assert place in text


def test_what_dbt_leaves_out_or_writes_as_null_is_read() -> None:
    nothing = dict.fromkeys(
        (
            "columns",
            "meta",
            "config",
            "description",
            "tags",
            "depends_on",
            "constraints",
            "primary_key",
            "relation_name",
        )
    )
    manifest = load(document(bare=model("bare"), null=model("null", **nothing)))

    bare, null = manifest.models()
    assert (bare.columns, bare.description, bare.all_meta) == (None, None, {})
    assert (null.columns, null.description, null.all_meta) == (None, None, {})


def test_columns_may_lack_everything_but_their_name() -> None:
    column = {"name": "id", "meta": None, "config": None, "description": None, "data_type": None, "constraints": None}
    manifest = load(document(orders=model(columns={"id": {"name": "id"}, "no": column})))

    (orders,) = manifest.models()
    assert orders.columns is not None
    assert [dbt_manifest.column_meta(found) for found in orders.columns.values()] == [{}, {}]


def test_what_the_project_doesnt_use_is_ignored() -> None:
    manifest = load({**document(orders=model(checksum={"name": "sha256"}, raw_code="select 1")), "macros": {"m": [1]}})

    assert len(manifest.nodes) == 1


@pytest.mark.parametrize("tags", ["nightly", ["nightly"], [], None])
def test_tags_may_be_one_or_many(tags: object) -> None:
    (orders,) = load(document(orders=model(tags=tags))).models()

    assert orders.tags == tags


@pytest.mark.parametrize("version", [2, 2.5, "beta", None])
def test_a_models_version_may_be_a_number_or_text(version: object) -> None:
    (orders,) = load(document(orders=model(version=version))).models()

    assert orders.version == version


def test_metas_newer_place_wins_over_the_older_on_models() -> None:
    node = Node(
        unique_id="model.shop.a",
        resource_type="model",
        name="a",
        meta={"old": 1, "both": 1},
        config=NodeConfig(meta={"both": 2, "new": 2}),
    )

    assert node.all_meta == {"old": 1, "both": 2, "new": 2}


def test_metas_newer_place_wins_over_the_older_on_columns() -> None:
    column = Column(name="a", meta={"old": 1, "both": 1}, config=ColumnConfig(meta={"both": 2}))

    assert dbt_manifest.column_meta(column) == {"old": 1, "both": 2}
    assert dbt_manifest.column_meta(Column(name="a", meta={"old": 1}, config=ColumnConfig())) == {"old": 1}


def test_credentials_in_the_address_are_not_repeated() -> None:
    with pytest.raises(ManifestError) as caught:
        dbt_manifest.load(b"", "https://host/manifest.json?X-Amz-Signature=hunter2")

    assert "hunter2" not in str(caught.value)
