from __future__ import annotations

import pytest

from floe_cube_infra.errors import SettingsError
from floe_cube_infra.inputs.settings import parse


def with_cpu(value: object) -> dict[str, object]:
    return {"artifacts": "a.json", "environment": "dev", "api": {"cpu": value}}


@pytest.mark.parametrize("value", ["2", "0.5", "500m", "1.25", "100"])
def test_cores_and_parts_of_cores_are_taken(value: str) -> None:
    assert parse(with_cpu(value), "test").api.cpu == value


@pytest.mark.parametrize("value", ["", "0", "0m", "2 cores", "-1", "1.5m", "two", "1e3", "0.0001"])
def test_anything_else_is_refused_before_kubernetes_does(value: str) -> None:
    with pytest.raises(SettingsError, match="is no amount of CPU; allowed are"):
        parse(with_cpu(value), "test")
