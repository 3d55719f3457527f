"""The observer's files and headers; whatever is wrong is told in a sentence."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from floe_cube_infra.model.dataset_lineage import CubeLineage
from floe_cube_infra.model.observation import LineageExport, ObservedDatabase, ObserverSettings, TraceExport
from floe_cube_infra.observer.configuration import (
    ConfigurationError,
    read_settings,
    request_headers,
    resource_attributes,
)
from floe_cube_infra.observer.lineage_files import LineageFiles
from tests.observer.conftest import Cubes


def test_what_is_written_is_read(tmp_path: Path, database: ObservedDatabase, lineage: Cubes) -> None:
    settings = ObserverSettings(
        database=database,
        traces=TraceExport(endpoint="http://collector:4318/v1/traces", ratio=0.25),
        lineage=LineageExport(endpoint="https://marquez.example.com/api/v1/lineage", namespace="acme"),
    )
    (tmp_path / "observer.json").write_bytes(msgspec.json.encode(settings))
    for name, cube in lineage.items():
        (tmp_path / f"{name}.lineage.json").write_bytes(msgspec.json.encode(cube))

    assert read_settings(tmp_path) == settings
    assert LineageFiles(tmp_path) == lineage


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"observer\.json can't be read: No such file"):
        read_settings(tmp_path)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "truncated"),
        ("[]", "Expected `object`"),
        ('{"database": {"system": "postgresql"}, "colour": 1}', "colour"),
        ('{"database": {"system": "postgresql"}, "traces": {"endpoint": "collector"}}', "traces.endpoint"),
        (
            '{"database": {"system": "postgresql"}, "traces": {"endpoint": "http://me:pass@collector"}}',
            "traces.endpoint",
        ),
        ('{"database": {"system": "x"}, "traces": {"endpoint": "http://c", "ratio": 2}}', "traces.ratio"),
        ('{"database": {"system": "x"}, "port": 80}', "port"),
        ('{"version": 2, "database": {"system": "x"}}', "version"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "observer.json").write_text(text)

    with pytest.raises(ConfigurationError, match=r"observer\.json is wrong: ") as refused:
        read_settings(tmp_path)

    assert place in str(refused.value)


def test_headers_are_those_of_opentelemetry() -> None:
    environment = {"OTEL_EXPORTER_OTLP_HEADERS": "X-Key=a%20b, api-token=c=d,"}

    assert request_headers(environment) == {"x-key": "a b", "api-token": "c=d"}
    assert request_headers({}) == {}


def test_where_the_observer_runs_is_told_by_environment() -> None:
    environment = {"OTEL_RESOURCE_ATTRIBUTES": "k8s.pod.name=cube-api-1,service.instance.id=cube-api-1"}

    assert resource_attributes(environment) == {"k8s.pod.name": "cube-api-1", "service.instance.id": "cube-api-1"}


def test_a_damaged_file_of_lineage_is_as_if_nothing_were_known(tmp_path: Path) -> None:
    (tmp_path / "orders.lineage.json").write_text("{")
    cubes = LineageFiles(tmp_path)

    assert list(cubes) == ["orders"]
    assert len(cubes) == 1
    assert "customers" not in cubes
    assert cubes["orders"] == CubeLineage()


def test_a_wrong_header_is_not_repeated() -> None:
    with pytest.raises(ConfigurationError, match="pair 2") as refused:
        request_headers({"OTEL_EXPORTER_OTLP_HEADERS": "a=b,secret"})

    assert "secret" not in str(refused.value)
