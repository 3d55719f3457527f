from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.inputs import settings as stack_settings
from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts
from floe_cube_infra.running_images import image_problems, running_images

OBSERVER = "registry.example.com/floe-cube-observer:0.1.0"
PROD: dict[str, Any] = {"environment": "prod", "api": {"sqlApi": "off"}}
ARTIFACTS = CompiledArtifacts.model_validate(
    {
        "version": "1.0.0",
        "metadata": {"compiled_at": "2026-01-01T00:00:00Z", "floe_core_version": "1", "source_hash": "a" * 64},
        "compute": {"target": "postgres"},
        "consumption": {"enabled": True},
        "observability": {"otlp_endpoint": "http://backend.monitoring:4318"},
    }
)


def parsed(settings: dict[str, Any]) -> stack_settings.Settings:
    return stack_settings.parse({"artifacts": "a.json", "environment": "dev", **settings}, "test")


def found(settings: dict[str, Any]) -> list[str]:
    return list(image_problems(ARTIFACTS, parsed(settings)))


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, {"cube", "cube_store"}),
        ({"cubeStore": {"enabled": False}, "api": {"replicas": 1}}, {"cube"}),
        ({"cubeStore": {"host": "store.example.com"}}, {"cube"}),
        ({"sql": {"tlsSecret": "tls"}}, {"cube", "cube_store", "sql_proxy"}),
        ({"sql": {"tlsSecret": "tls"}, "api": {"sqlApi": "off"}}, {"cube", "cube_store"}),
        ({"marquez": {"enabled": True}}, {"cube", "cube_store", "marquez", "postgres"}),
        ({"images": {"observer": OBSERVER}}, {"cube", "cube_store", "observer", "collector"}),
        (
            {"images": {"observer": OBSERVER}, "collector": {"endpoint": "http://collector:4318"}},
            {"cube", "cube_store", "observer"},
        ),
        (
            {"images": {"observer": OBSERVER}, "jaeger": {"enabled": True}},
            {"cube", "cube_store", "observer", "collector", "jaeger"},
        ),
    ],
)
def test_a_stack_runs_the_images_of_what_it_has(settings: dict[str, Any], names: set[str]) -> None:
    assert running_images(ARTIFACTS, parsed(settings)).keys() == names


@pytest.mark.parametrize("environment", ["local", "dev", "staging"])
def test_images_without_a_digest_are_for_all_but_production(environment: str) -> None:
    settings = {**PROD, "environment": environment}

    assert found(settings) == []
    (problem,) = found({**settings, "images": {"unpinned": "refused"}})
    assert problem.startswith("no digest says which image is meant by")


def test_production_refuses_each_image_that_it_runs_without_a_digest_and_says_how_to_get_it() -> None:
    (problem,) = found(PROD)
    assert "docker.io/cubejs/cube:v1.7.43, docker.io/cubejs/cubestore:v1.7.43, and" in problem
    assert "`floe-cube images pin --stack-file" in problem
    assert "traefik" not in problem, "what isn't run needs no digest"

    cube = f"docker.io/cubejs/cube:v1.7.43@sha256:{'0' * 64}"
    (problem,) = found({**PROD, "images": {"pinned": [cube]}})
    assert "meant by docker.io/cubejs/cubestore:v1.7.43, and" in problem
    own = {"cubeStore": f"registry.example.com/store@sha256:{'1' * 64}"}
    assert found({**PROD, "images": {"pinned": [cube], **own}}) == []


def test_a_digest_of_another_tag_pins_nothing() -> None:
    pinned = [f"docker.io/cubejs/cube:v1.7.42@sha256:{'0' * 64}"]
    (problem,) = found({**PROD, "images": {"pinned": pinned}})
    assert "docker.io/cubejs/cube:v1.7.43" in problem


def test_a_production_stack_may_say_that_it_does_without() -> None:
    assert found({**PROD, "images": {"unpinned": "allowed"}}) == []
