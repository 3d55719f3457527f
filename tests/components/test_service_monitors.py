"""What the Prometheus operator is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from floe_cube_infra.errors import SettingsError
from tests.components.recording import Objects, layer_of, shop


@pytest.mark.parametrize(("component", "port"), [("collector", "metrics"), ("marquez", "admin")])
def test_prometheus_finds_each_component_that_has_metrics(everything: Objects, component: str, port: str) -> None:
    monitor, service = everything[f"ServiceMonitor/cube-{component}"], everything[f"Service/cube-{component}"]

    assert monitor["spec"]["endpoints"] == [{"port": port, "path": "/metrics", "interval": "30s"}]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert port in {each["name"] for each in service["spec"]["ports"]}
    assert monitor["metadata"]["labels"]["release"] == "prometheus"


def test_there_are_none_unless_settings_say_so(lineage: Objects) -> None:
    assert not [name for name in lineage if name.startswith("ServiceMonitor/")]


def test_a_prometheus_that_could_not_ask_is_told(tmp_path: Path) -> None:
    settings = {"cubeStore": {"storage": "volume", "workers": 0}, "monitoring": {"serviceMonitors": True}}

    with pytest.raises(SettingsError, match=r"network\.monitoring names nobody"):
        layer_of(shop(settings, tmp_path))
