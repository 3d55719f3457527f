from __future__ import annotations

import pytest

from floe_cube_infra.inputs.image_references import parse_reference

DIGEST = f"sha256:{'0' * 64}"


@pytest.mark.parametrize(
    ("text", "host", "path", "tag"),
    [
        ("docker.io/cubejs/cube:v1", "docker.io", "cubejs/cube", "v1"),
        ("cubejs/cube:v1", "docker.io", "cubejs/cube", "v1"),
        ("traefik:v3", "docker.io", "library/traefik", "v3"),
        ("docker.io/traefik:v3", "docker.io", "library/traefik", "v3"),
        ("registry.example.com/cube:v1", "registry.example.com", "cube", "v1"),
        ("registry.example.com:5000/a/b/cube", "registry.example.com:5000", "a/b/cube", None),
        ("localhost/cube:v1", "localhost", "cube", "v1"),
        ("localhost:5000/cube:v1", "localhost:5000", "cube", "v1"),
    ],
)
def test_a_reference_is_read_as_container_runtimes_do(text: str, host: str, path: str, tag: str | None) -> None:
    reference = parse_reference(text)
    assert reference is not None
    assert (reference.host, reference.path, reference.tag, reference.digest) == (host, path, tag, None)
    assert str(reference) == reference.tagged == text


@pytest.mark.parametrize("tagged", ["docker.io/cubejs/cube:v1", "registry.example.com:5000/cube"])
def test_a_digest_is_told_apart(tagged: str) -> None:
    reference = parse_reference(f"{tagged}@{DIGEST}")
    assert reference is not None
    assert (reference.tagged, reference.digest, str(reference)) == (tagged, DIGEST, f"{tagged}@{DIGEST}")


@pytest.mark.parametrize("text", ["", "UPPER:1", "a b:1", "cube@sha256:12", "cube:v1@md5:12", "-cube:1"])
def test_what_is_no_reference_is_none(text: str) -> None:
    assert parse_reference(text) is None
