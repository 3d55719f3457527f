"""Cube takes everything that is generated, and makes of it what was meant.

More manifests, as JSON or gzip'd, are taken from the folder that FLOE_DBT_MANIFESTS names, else from
`shared/data/manifests` beside the project, where either is there.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.generation import Generated, generate
from floe_cube_infra.inputs.settings import from_stack_file
from tests.compile.agreement import assert_agreement, join_queries, view_queries
from tests.compile.compiler import Compiler
from tests.compile.generating import ROOT, SHOP_MANIFEST, generate_from, read_manifest

FURTHER = Path(os.environ.get("FLOE_DBT_MANIFESTS") or ROOT.parent / "shared" / "data" / "manifests")
MANIFESTS = [SHOP_MANIFEST, *sorted(FURTHER.glob("*.json*"))]
# Dialects that come with the compiler; those of the other databases are packages of their own.
DIALECTS = {"postgres", "bigquery", "snowflake", "trino"}

NASTY = [
    "a {brace} and {{ jinja('x') }} {% raw %} ${process.exit(3)}",
    'C:\\new\\table "quoted" `ticked` it\'s \\',
    "f",
    "first\n\n  second: - x\n# third\t",
    "1e3",
    "\u2028 \x85 \U0001f600",
]


@pytest.fixture(scope="module")
def shop() -> Generated:
    generated = generate(from_stack_file(ROOT / "stacks" / "Pulumi.local.yaml"), ROOT)
    assert generated is not None
    return generated


def test_the_shop_becomes_the_cubes_that_were_meant(compiler: Compiler, shop: Generated) -> None:
    compiled = compiler(shop.files.model)
    assert compiled.errors == ()
    assert len(compiled.cubes) >= 14
    assert_agreement(shop, compiled)


def test_the_shops_folder_is_taken_as_it_is_shipped(compiler: Compiler, shop: Generated, tmp_path: Path) -> None:
    for path, text in shop.files.model.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert compiler.folder(tmp_path).cubes == compiler(shop.files.model).cubes


def test_every_join_of_the_shop_can_be_queried(compiler: Compiler, shop: Generated) -> None:
    queries = join_queries(shop)
    assert len(queries) >= 13
    for query, told in zip(queries, compiler(shop.files.model, queries=queries).sql, strict=True):
        assert "error" not in told, (query, told)
        assert " JOIN " in told["sql"], query


def test_every_view_of_the_shop_can_be_queried_with_all_its_members(compiler: Compiler, shop: Generated) -> None:
    queries = view_queries(compiler(shop.files.model))
    assert queries
    for query, told in zip(queries, compiler(shop.files.model, queries=queries).sql, strict=True):
        assert "error" not in told, (query, told)


def test_proposed_rollups_and_hierarchies_of_time_are_taken(compiler: Compiler) -> None:
    settings = from_stack_file(ROOT / "stacks" / "Pulumi.local.yaml")
    models = settings.models.model_copy(update={"rollups": "auto", "time_hierarchies": True})
    generated = generate(settings.model_copy(update={"models": models}), ROOT)
    assert generated is not None
    assert generated.counts.rollups > 1

    queries = [{"measures": ["orders.count"], "dimensions": ["orders.ordered_at_year", "orders.ordered_at_month"]}]
    compiled = compiler(generated.files.model, queries=queries)
    assert compiled.errors == ()
    assert_agreement(generated, compiled)
    assert "date_trunc('year'" in compiled.sql[0]["sql"].lower()


@pytest.mark.parametrize("row_level", [False, True], ids=["open", "row level"])
@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name.split(".")[0])
def test_every_manifest_becomes_the_cubes_that_were_meant(
    compiler: Compiler, path: Path, row_level: bool, tmp_path: Path
) -> None:
    manifest = read_manifest(path)
    generated = generate_from(manifest, tmp_path, row_level=row_level)
    adapter = manifest["metadata"]["adapter_type"]
    dialect = adapter if adapter in DIALECTS else "postgres"
    queries = join_queries(generated)
    compiled = compiler(generated.files.model, dialect=dialect, queries=queries)

    assert compiled.errors == ()
    assert_agreement(generated, compiled)
    for query, told in zip(queries, compiled.sql, strict=True):
        assert "error" not in told, (query, told)


@pytest.fixture(scope="module")
def nasty_manifest() -> dict[str, Any]:
    """The shop's, with descriptions that mean something to YAML, Jinja, Python and JavaScript."""
    manifest = read_manifest(SHOP_MANIFEST)
    count = 0
    for node in manifest["nodes"].values():
        for described in [node, *node.get("columns", {}).values()]:
            described["description"] = NASTY[count % len(NASTY)]
            count += 1
    return manifest


def test_no_description_is_run_or_changed(compiler: Compiler, nasty_manifest: dict[str, Any], tmp_path: Path) -> None:
    generated = generate_from(nasty_manifest, tmp_path)
    compiled = compiler(generated.files.model)

    assert compiled.errors == ()
    assert_agreement(generated, compiled)
    told = {
        member.get("description") for cube in compiled.cubes.values() for member in [cube, *cube["dimensions"].values()]
    }
    # What dbt's readers may strip is blanks at the ends.
    assert {text.strip() for text in NASTY} <= {str(text).strip() for text in told}


@pytest.mark.parametrize(
    "word", ["from", "class", "public", "groups", "sql", "extends", "extends_warranty", "f", "__proto__", "toString"]
)
def test_a_column_may_be_called_by_any_word(compiler: Compiler, word: str, tmp_path: Path) -> None:
    manifest = read_manifest(SHOP_MANIFEST)
    columns = manifest["nodes"]["model.shop.products"]["columns"]
    columns[word] = {**columns["product_id"], "name": word, "constraints": []}
    generated = generate_from(manifest, tmp_path)
    compiled = compiler(generated.files.model)

    assert compiled.errors == ()
    assert_agreement(generated, compiled)


@pytest.mark.parametrize("word", ["from", "groups", "public", "default"])
def test_the_column_that_rows_are_filtered_by_may_be_called_by_any_word(
    compiler: Compiler, word: str, tmp_path: Path
) -> None:
    manifest = read_manifest(SHOP_MANIFEST)
    node = manifest["nodes"]["model.shop.products"]
    node["columns"][word] = {**node["columns"]["product_id"], "name": word, "constraints": []}
    _cube_meta(node)["filter_column"] = word
    assert compiler(generate_from(manifest, tmp_path).files.model).errors == ()


@pytest.mark.parametrize("word", ["from", "groups", "public", "default"])
def test_hierarchies_and_drill_members_may_name_any_column(compiler: Compiler, word: str, tmp_path: Path) -> None:
    manifest = read_manifest(SHOP_MANIFEST)
    node = manifest["nodes"]["model.shop.products"]
    node["columns"][word] = {**node["columns"]["product_id"], "name": word, "constraints": []}
    _cube_meta(node).update(
        hierarchies=[{"name": "path", "levels": [word]}],
        measures=[{"name": "number", "type": "count", "drill_members": [word]}],
    )
    assert compiler(generate_from(manifest, tmp_path).files.model).errors == ()


@pytest.mark.parametrize("word", ["class", "public", "export", "f", "sql", "groups"])
def test_a_model_may_be_called_by_any_word(compiler: Compiler, word: str, tmp_path: Path) -> None:
    manifest = read_manifest(SHOP_MANIFEST)
    # Others refer to organizations, so that joins name it, too.
    manifest["nodes"]["model.shop.organizations"]["name"] = word
    generated = generate_from(manifest, tmp_path)
    queries = join_queries(generated)
    compiled = compiler(generated.files.model, queries=queries)
    assert compiled.errors == ()
    assert_agreement(generated, compiled)
    assert [told["error"] for told in compiled.sql if "error" in told] == []


@pytest.mark.parametrize("key", ["public", "mask", "sql", "extends", "prefix", "{{ key }}"])
def test_meta_may_hold_any_key(compiler: Compiler, key: str, tmp_path: Path) -> None:
    manifest = read_manifest(SHOP_MANIFEST)
    _cube_meta(manifest["nodes"]["model.shop.products"])["meta"] = {"team": {key: "select {x} from {{ y }}"}}
    compiled = compiler(generate_from(manifest, tmp_path).files.model)
    assert compiled.errors == ()
    assert list(compiled.cubes["products"]["meta"]["team"].values()) == ["select {x} from {{ y }}"]


def test_a_folder_may_be_called_by_any_text(compiler: Compiler, tmp_path: Path) -> None:
    name = "Money {x}, {{ jinja }} and `more`"
    manifest = read_manifest(SHOP_MANIFEST)
    _cube_meta(manifest["nodes"]["model.shop.products"])["views"] = [
        {
            "name": "assortment",
            "cubes": [{"join_path": "products", "includes": ["sku", "category"]}],
            "folders": [{"name": name, "includes": ["sku"]}],
        }
    ]
    compiled = compiler(generate_from(manifest, tmp_path).files.model)
    assert compiled.errors == ()
    assert [folder["name"] for folder in compiled.cubes["assortment"]["folders"]] == [name]


def _cube_meta(node: dict[str, Any]) -> dict[str, Any]:
    """What dbt has under `meta.cube` of a model, to be changed; dbt writes it in two places."""
    cube: dict[str, Any] = {**node["config"].get("meta", {}).get("cube", {})}
    for place in (node, node["config"]):
        place["meta"] = {**place.get("meta", {}), "cube": cube}
    return cube
