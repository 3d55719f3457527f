from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.errors import ManifestError
from floe_cube_infra.inputs import dbt_manifest
from floe_cube_infra.inputs.dbt_manifest import Manifest
from floe_cube_infra.inputs.dbt_semantics import TimeWindow, filter_templates

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "target" / "manifest.json"


def load(**parts: Any) -> Manifest:
    document = {
        "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json"},
        "nodes": {},
        **parts,
    }
    return dbt_manifest.load(json.dumps(document).encode(), "manifest.json")


def metric(**type_params: Any) -> dict[str, Any]:
    return {"unique_id": "metric.p.m", "name": "m", "type": "simple", "type_params": type_params}


def test_the_sample_project_is_read_whole() -> None:
    written = json.loads(SHOP.read_bytes())
    read = dbt_manifest.load(SHOP.read_bytes(), "manifest.json")

    for key, model in written["semantic_models"].items():
        found = read.semantic_models[key]
        for part in ("entities", "dimensions", "measures"):
            assert [one.name for one in getattr(found, part) or ()] == [one["name"] for one in model[part]]
            assert [one.expr for one in getattr(found, part) or ()] == [one["expr"] for one in model[part]]
    for key, one in written["metrics"].items():
        assert (read.metrics[key].name, read.metrics[key].type) == (one["name"], one["type"])
        assert read.metrics[key].type_params.expr == one["type_params"]["expr"]
    for key, one in written["saved_queries"].items():
        assert read.saved_queries[key].query_params.group_by == one["query_params"]["group_by"]
    for key, one in written["exposures"].items():
        assert read.exposures[key].depends_on_nodes == one["depends_on"]["nodes"]
        assert (read.exposures[key].type, read.exposures[key].label) == (one["type"], one["label"])


def test_real_manifests_are_read_whole(real_data: Path) -> None:
    for file in sorted((real_data / "manifests").glob("*.json.gz")):
        content = gzip.decompress(file.read_bytes())
        written, read = json.loads(content), dbt_manifest.load(content, file.name)
        for part in ("semantic_models", "metrics", "saved_queries", "exposures"):
            assert set(getattr(read, part)) == set(written.get(part) or {})


def test_without_a_semantic_layer_there_is_none() -> None:
    read = load()

    assert (read.semantic_models, read.metrics, read.saved_queries, read.exposures) == ({}, {}, {}, {})


def test_metrics_that_aggregate_by_themselves_are_read() -> None:
    read = load(
        metrics={
            "metric.p.m": metric(
                expr=1,
                metric_aggregation_params={"semantic_model": "orders", "agg": "sum", "agg_params": {"percentile": 1}},
                is_private=True,
            )
        }
    )
    params = read.metrics["metric.p.m"].type_params

    assert (params.expr, params.is_private) == (1, True)
    assert params.metric_aggregation_params is not None
    assert params.metric_aggregation_params.semantic_model == "orders"


@pytest.mark.parametrize(
    ("given", "templates"),
    [
        (None, ()),
        ("a", ("a",)),
        ({"where_sql_template": "a"}, ("a",)),
        ({"where_filters": [{"where_sql_template": "a"}, "b", {"where_sql_template": None}]}, ("a", "b")),
        ({"where_filters": None}, ()),
    ],
)
def test_filters_of_every_layout_are_templates(given: Any, templates: tuple[str, ...]) -> None:
    read = load(metrics={"metric.p.m": {**metric(), "filter": given}})

    assert filter_templates(read.metrics["metric.p.m"].filter) == templates


@pytest.mark.parametrize("window", [{"count": 7, "granularity": "day"}, "7 days"])
def test_windows_are_spans_or_text(window: Any) -> None:
    found = load(metrics={"metric.p.m": metric(window=window)}).metrics["metric.p.m"].type_params.window

    assert found == (window if isinstance(window, str) else TimeWindow(count=7, granularity="day"))


def test_meta_of_both_places_is_one_and_the_configurations_wins() -> None:
    given = {**metric(), "meta": {"a": 1, "b": 1}, "config": {"meta": {"b": 2}}}

    assert load(metrics={"metric.p.m": given}).metrics["metric.p.m"].all_meta == {"a": 1, "b": 2}


def test_a_field_of_the_wrong_type_is_named() -> None:
    with pytest.raises(ManifestError, match=r"\$\.metrics\[\.\.\.\]\.type"):
        load(metrics={"metric.p.m": {**metric(), "type": 5}})
