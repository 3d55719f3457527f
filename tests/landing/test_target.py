"""What is asked, and what is expected of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.errors import LandingError
from floe_cube_infra.landing.target import read_outputs, target
from floe_cube_infra.render.files import model_version
from tests.landing.conftest import MODEL, OUTPUTS


def outputs(**more: Any) -> Any:
    return read_outputs(json.dumps({**OUTPUTS, **more}), "outputs.json")


def test_within_the_cluster_everything_is_asked() -> None:
    found = target(outputs(sqlEndpoint="postgresql://cube-api.floe-cube.svc:15432/cube", sqlTls=True))
    assert (found.api, found.health) == (
        "http://cube-api.floe-cube.svc:4000/cubejs-api",
        "http://cube-api.floe-cube.svc:4000/readyz",
    )
    assert (found.sql, found.sql_tls, found.has_sql) == ("postgresql://cube-api.floe-cube.svc:15432/cube", True, True)
    assert found.model_version == MODEL


def test_from_outside_only_the_api_is_asked() -> None:
    public = "https://cube.example.com/cubejs-api/v1"
    found = target(outputs(publicRestEndpoint=public, sqlEndpoint="postgresql://cube-api.floe-cube.svc:15432/cube"))
    assert (found.api, found.health, found.sql) == ("https://cube.example.com/cubejs-api", None, None)
    assert found.has_sql is True


@pytest.mark.parametrize("url", ["http://127.0.0.1:4000", "http://127.0.0.1:4000/cubejs-api/v1/"])
def test_an_address_may_be_written_short_or_as_the_outputs_have_it(url: str) -> None:
    found = target(None, url=url, model=MODEL, sql="postgresql://127.0.0.1:15432/cube")
    assert (found.api, found.health) == ("http://127.0.0.1:4000/cubejs-api", "http://127.0.0.1:4000/readyz")
    assert (found.sql, found.has_sql) == ("postgresql://127.0.0.1:15432/cube", None)


def test_the_expected_model_may_be_a_folder_of_generated_files(tmp_path: Path) -> None:
    files = {"model/cubes/orders.yml": "cubes: []\n", "model/cubes/orders.access.json": "{}\n"}
    for name, text in {**files, "settings.json": "{}"}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert target(outputs(), model=str(tmp_path)).model_version == model_version(files) != MODEL


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Give --outputs, or --url"),
        ({"url": "http://localhost:4000"}, "Which model is expected?"),
        ({"url": "localhost:4000", "model": MODEL}, "--url is no http or https address"),
        ({"url": "http://localhost:port", "model": MODEL}, "--url is no http or https address"),
        ({"url": "http://cube.example.com", "model": MODEL}, "in the clear"),
        ({"url": "https://ada:hunter2@cube.example.com", "model": MODEL}, "--url holds a user or password"),
        ({"url": "http://localhost", "model": MODEL, "pod": "4010"}, "--ready-url is no http"),
        ({"url": "http://localhost", "model": MODEL, "sql": "localhost:15432"}, "--sql-url is no PostgreSQL address"),
        (
            {"url": "http://localhost", "model": MODEL, "sql": "postgresql://localhost/cube?password=hunter2"},
            "--sql-url holds a user or password",
        ),
        ({"url": "http://localhost", "model": "no-such-folder"}, "neither a hash"),
    ],
)
def test_what_is_not_enough_or_not_safe_is_refused(given: dict[str, str], said: str) -> None:
    with pytest.raises(LandingError) as refused:
        target(None, **given)
    assert said in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no JSON", "holds no outputs of a consumption layer"),
        ("[]", "holds no outputs of a consumption layer"),
        ("{}", "holds no outputs of a consumption layer"),
        ('{"version": 2}', "have version 2"),
        ('{"version": 1, "status": "disabled"}', "is switched off"),
        ('{"version": 1, "status": "enabled"}', "restEndpoint"),
    ],
)
def test_other_outputs_are_refused(text: str, said: str) -> None:
    with pytest.raises(LandingError, match=said):
        read_outputs(text, "outputs.json")
