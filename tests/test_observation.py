"""From artifacts and settings to who is told of queries."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from floe_cube_infra.errors import SettingsError
from floe_cube_infra.inputs import settings as stack_settings
from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.model.observation import LineageExport, MetricExport, TraceExport
from floe_cube_infra.observation import (
    collector_exports,
    dataset_names,
    observation_problems,
    observer_settings,
    unobserved,
)
from floe_cube_infra.render.collector_config import render_collector

IMAGE = "registry.example.com/floe-cube-observer:0.1.0"
OTLP = "http://backend.monitoring:4317"
LINEAGE = "http://marquez.lineage:5000"


def artifacts(**observability: object) -> CompiledArtifacts:
    given = {"otlp_endpoint": OTLP, "lineage_endpoint": LINEAGE, **observability}
    return CompiledArtifacts.model_validate(
        {
            "version": "1.0.0",
            "metadata": {"compiled_at": "2026-01-01T00:00:00Z", "floe_core_version": "1", "source_hash": "a" * 64},
            "compute": {
                "target": "postgres",
                "properties": {"host": "db.example.com", "port": 5433, "database": "dwh"},
            },
            "transforms": [],
            "consumption": {"enabled": True},
            "observability": given,
        }
    )


def settings(**given: Any) -> Settings:
    images = {"images": {"observer": IMAGE}} if "images" not in given else {}
    return stack_settings.parse({"artifacts": "a.json", "environment": "dev", **images, **given}, "test")


def test_the_observers_send_to_the_stacks_own_collector_which_sends_to_the_artifacts_backend() -> None:
    observer = observer_settings(artifacts(attributes={"service.name": "shop", "team": "data"}), settings())
    exports = collector_exports(artifacts(), settings())

    assert observer is not None
    assert observer.traces == TraceExport(endpoint="http://cube-collector:4318/v1/traces")
    assert observer.metrics == MetricExport(endpoint="http://cube-collector:4318/v1/metrics")
    assert observer.lineage == LineageExport(endpoint=f"{LINEAGE}/api/v1/lineage", namespace="floe-cube")
    assert (observer.service_name, observer.resource) == (
        "shop",
        {"deployment.environment.name": "dev", "team": "data"},
    )
    assert observer.cube_version == "1.7.43"
    assert observer.database.system == "postgresql"
    assert (observer.database.server_address, observer.database.server_port) == ("db.example.com", 5433)
    assert exports is not None
    assert [(target.protocol, target.endpoint) for target in exports.traces] == [("grpc", OTLP)]
    assert exports.traces == exports.metrics


@pytest.mark.parametrize("kind", ["traces", "metrics", "lineage"])
@pytest.mark.parametrize("by", ["artifacts", "settings"])
def test_each_kind_is_switched_off_by_itself(kind: str, by: str) -> None:
    observer = observer_settings(
        artifacts(**({kind: False} if by == "artifacts" else {})),
        settings(**({"observability": {kind: False}} if by == "settings" else {})),
    )

    assert observer is not None
    assert [each for each in ("traces", "metrics", "lineage") if getattr(observer, each) is None] == [kind]


def test_settings_switch_on_what_artifacts_leave_out() -> None:
    off = artifacts(traces=False, metrics=False, lineage=False)

    assert observer_settings(off, settings()) is None
    assert collector_exports(off, settings()) is None
    on = observer_settings(off, settings(observability={"traces": True}))
    assert on is not None
    assert on.traces is not None
    assert on.metrics is None


def test_without_an_observer_nothing_is_told_and_that_is_said() -> None:
    given = settings(images={})

    assert observer_settings(artifacts(), given) is None
    assert collector_exports(artifacts(), given) is None
    assert unobserved(artifacts(), given) == ["traces", "metrics", "lineage"]
    assert unobserved(artifacts(otlp_endpoint=None, lineage=False), given) == []
    assert unobserved(artifacts(), settings()) == []


def test_an_existing_collector_takes_the_place_of_the_stacks_own() -> None:
    given = settings(collector={"endpoint": "http://collector.monitoring:4318/"})
    observer = observer_settings(artifacts(), given)

    assert collector_exports(artifacts(), given) is None
    assert observer is not None
    assert observer.traces is not None
    assert observer.traces.endpoint == "http://collector.monitoring:4318/v1/traces"


def test_without_any_collector_the_observers_send_to_the_backend_themselves() -> None:
    direct = settings(collector={"enabled": False})
    observer = observer_settings(artifacts(otlp_endpoint="https://otlp.example.com"), direct)

    assert observer is not None
    assert observer.metrics is not None
    assert observer.metrics.endpoint == "https://otlp.example.com/v1/metrics"
    assert [text.split(",")[0] for text in observation_problems(artifacts(), direct)] == ["collector.enabled is false"]


def test_jaeger_takes_traces_and_no_metrics() -> None:
    given = settings(jaeger={"enabled": True})
    alone = collector_exports(artifacts(otlp_endpoint=None), given)
    observer = observer_settings(artifacts(otlp_endpoint=None, lineage_endpoint=None), given)
    beside = collector_exports(artifacts(), given)

    assert alone is not None
    assert [target.endpoint for target in alone.traces] == ["http://cube-jaeger:4317"]
    assert alone.metrics == ()
    assert observer is not None
    assert observer.metrics is None
    assert beside is not None
    assert [target.name for target in beside.traces] == ["backend", "jaeger"]


@pytest.mark.parametrize(
    ("given", "changed", "words"),
    [
        ({"environment": "prod", "jaeger": {"enabled": True}}, {}, "isn't for prod"),
        (
            {"jaeger": {"enabled": True}, "collector": {"enabled": False}},
            {"otlp_endpoint": None},
            "no collector of its own",
        ),
        ({}, {"otlp_endpoint": "http://me:hunter2@backend:4317"}, "observability.otlp_endpoint"),
        ({}, {"lineage_endpoint": "https://marquez.example.com?token=hunter2"}, "observability.lineage_endpoint"),
        ({}, {"otlp_endpoint": "backend:4317"}, "observability.otlp_endpoint"),
    ],
)
def test_what_cant_be_is_told_without_repeating_an_address(
    given: dict[str, Any], changed: dict[str, Any], words: str
) -> None:
    (problem,) = observation_problems(artifacts(**changed), settings(**given))

    assert words in problem
    assert "hunter2" not in problem


def test_a_collector_that_isnt_the_stacks_own_takes_no_orders() -> None:
    with pytest.raises(SettingsError, match="exportTo and exportHeaders"):
        settings(
            collector={
                "endpoint": "http://c:4318",
                "exportTo": "https://otlp.example.com",
                "exportHeaders": {"authorization": "backend/token"},
            }
        )


def test_datasets_are_named_as_settings_say_where_the_host_is_secret() -> None:
    assert dataset_names(artifacts(), settings()).namespace == "postgres://db.example.com:5433"
    named = settings(observability={"datasetNamespace": "postgres://dwh.internal:5432"})
    assert dataset_names(artifacts(), named).namespace == "postgres://dwh.internal:5432"
    assert dataset_names(artifacts(), named).database == "dwh"


@pytest.mark.parametrize(
    ("marquez", "endpoint"),
    [
        ({"enabled": True}, "http://cube-marquez:5000/api/v1/lineage"),
        ({"url": "https://marquez.example.com/base/"}, "https://marquez.example.com/base/api/v1/lineage"),
    ],
)
def test_a_marquez_of_the_settings_takes_the_place_of_the_artifacts(marquez: dict[str, Any], endpoint: str) -> None:
    observer = observer_settings(artifacts(), settings(marquez=marquez))

    assert observer is not None
    assert observer.lineage is not None
    assert observer.lineage.endpoint == endpoint


def test_a_lineage_address_with_a_path_is_taken_as_it_is() -> None:
    observer = observer_settings(artifacts(lineage_endpoint="https://lineage.example.com/ingest"), settings())

    assert observer is not None
    assert observer.lineage is not None
    assert observer.lineage.endpoint == "https://lineage.example.com/ingest"


def test_the_collectors_configuration_holds_names_of_variables_and_no_values() -> None:
    given = settings(
        collector={"exportTo": "https://otlp.example.com/", "exportHeaders": {"Authorization": "backend/token"}}
    )
    exports = collector_exports(artifacts(), given)
    assert exports is not None
    document = yaml.safe_load(render_collector(exports))

    assert document["exporters"]["otlp_http/backend"]["headers"] == {
        "authorization": "${env:EXPORT_HEADER_AUTHORIZATION}"
    }
    assert document["exporters"]["otlp_http/backend"]["endpoint"] == "https://otlp.example.com"
    for pipeline in document["service"]["pipelines"].values():
        assert pipeline["processors"] == ["memory_limiter", "redaction", "batch"]
        assert pipeline["exporters"] == ["otlp_http/backend"]


def test_a_collector_without_metrics_has_no_pipeline_for_them() -> None:
    exports = collector_exports(artifacts(metrics=False), settings())
    assert exports is not None

    document = yaml.safe_load(render_collector(exports))

    assert document["service"]["pipelines"].keys() == {"traces"}
    assert document["exporters"]["otlp_grpc/backend"]["endpoint"] == "backend.monitoring:4317"
    assert document["exporters"]["otlp_grpc/backend"]["tls"] == {"insecure": True}
