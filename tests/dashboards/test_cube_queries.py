"""The Grafana dashboard asks for metrics that the observer really sends, by the names that Prometheus gives them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from floe_cube_infra.observer.build_metrics import BuildMetrics
from floe_cube_infra.observer.metrics import QueryMetrics
from floe_cube_infra.observer.records import RollupBuild, decode
from floe_cube_infra.observer.trace_context import trace_context

ROOT = Path(__file__).parents[2]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "dashboards" / "cube-queries.json").read_text())
SAMPLE = ROOT / "tests" / "observer" / "records" / "batch.json"
# What PromQL has beside metrics and labels, as far as it is used here.
WORDS = {"sum", "by", "rate", "histogram_quantile", "topk", "le", "label_values"}
UNITS = {"s": "_seconds"}


def sent() -> dict[str, set[str]]:
    """Labels by metric, named as OpenTelemetry's rules for Prometheus have it."""
    queries, builds = QueryMetrics(started=0), BuildMetrics(started=0)
    for record in decode(SAMPLE.read_bytes()).records:
        if isinstance(record, RollupBuild):
            builds.count(record)
        else:
            queries.count(record, trace_context(None, None, 1))
    metrics: list[dict[str, Any]] = [*queries.metrics(1, {"spans": 1}, {"spans": 1}), *builds.metrics(1)]
    found: dict[str, set[str]] = {}
    for metric in metrics:
        name = metric["name"].replace(".", "_") + UNITS.get(metric["unit"], "")
        kind = next(each for each in ("sum", "gauge", "histogram") if each in metric)
        suffixes = {"sum": ["_total"], "gauge": [""], "histogram": ["_bucket", "_count"]}[kind]
        points = metric[kind]["dataPoints"]
        labels = {each["key"].replace(".", "_") for point in points for each in point["attributes"]}
        for suffix in suffixes:
            found[name + suffix] = labels | ({"le"} if suffix == "_bucket" else set())
    return found


def expressions() -> list[str]:
    queries = [each["query"]["query"] for each in DASHBOARD["templating"]["list"] if each["type"] == "query"]
    return [*queries, *(target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"])]


def test_every_metric_and_label_is_sent() -> None:
    metrics = sent()
    labels = set().union(*metrics.values())
    for expression in expressions():
        plain = re.sub(r'"[^"]*"|\$\w+', "", expression)
        names = set(re.findall(r"[a-z][a-z_]+", plain)) - WORDS
        assert names <= metrics.keys() | labels, expression


def test_every_metric_that_is_sent_is_shown() -> None:
    shown = " ".join(expressions())
    assert {name for name in sent() if name not in shown} <= {
        "cube_cache_hits_total",
        "cube_pre_aggregation_hits_total",
        "cube_query_duration_seconds_count",
    }


def test_panels_have_places_and_ids_of_their_own() -> None:
    places = [tuple(panel["gridPos"].values()) for panel in DASHBOARD["panels"]]
    assert len(set(places)) == len({panel["id"] for panel in DASHBOARD["panels"]}) == len(places) == 10
