"""Digests from a registry: a small one of our own on loopback, since those of images that exist can't be in a test."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.errors import RegistryError
from floe_cube_infra.inputs.image_references import ImageReference, parse_reference
from floe_cube_infra.inputs.image_registry import MANIFEST_TYPES, digests_of
from tests.inputs import small_registry
from tests.inputs.small_registry import INDEX, Answer, SmallRegistry

LOGIN = ("ada", "hush-hush")


@pytest.fixture(autouse=True)
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Docker's configuration of this test; none to begin with."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    return tmp_path / "config.json"


@pytest.fixture
def registry() -> Iterator[SmallRegistry]:
    with small_registry.running() as running:
        yield running


def reference(text: str) -> ImageReference:
    parsed = parse_reference(text)
    assert parsed is not None
    return parsed


def digest(registry: SmallRegistry, image: str = "cubejs/cube:v1", timeout: float = 10) -> str:
    (found,) = digests_of([reference(f"{registry.host}/{image}")], timeout=timeout).values()
    return found


def refusal(registry: SmallRegistry, image: str = "cubejs/cube:v1", timeout: float = 10) -> str:
    """The sentence about an image, without the registry's host."""
    with pytest.raises(RegistryError) as caught:
        digest(registry, image, timeout)
    (problem,) = caught.value.problems
    assert problem.startswith(f"{registry.host}/{image}: ")
    assert LOGIN[1] not in problem
    return problem.partition(": ")[2].replace(registry.host, "the registry")


@pytest.mark.parametrize("media_type", MANIFEST_TYPES)
def test_a_digest_is_asked_for_without_fetching_anything(registry: SmallRegistry, media_type: str) -> None:
    pushed = registry.push("cubejs/cube", "v1", media_type=media_type)

    assert digest(registry) == pushed
    assert registry.asked == ["HEAD /v2/cubejs/cube/manifests/v1"]


def test_where_a_registry_doesnt_name_it_the_digest_is_that_of_the_bytes(registry: SmallRegistry) -> None:
    pushed = registry.push("cubejs/cube", "v1")
    registry.tells_digests = False

    assert digest(registry) == pushed


def test_a_token_is_fetched_where_the_registry_says(registry: SmallRegistry) -> None:
    pushed = registry.push("cubejs/cube", "v1")
    registry.guard = "bearer"

    assert digest(registry) == pushed
    asked = "HEAD /v2/cubejs/cube/manifests/v1"
    assert registry.asked == [asked, "GET /token", asked]


@pytest.mark.parametrize("guard", ["bearer", "basic"])
def test_who_has_logged_in_is_let_in(registry: SmallRegistry, docker: Path, guard: Any) -> None:
    pushed = registry.push("cubejs/cube", "v1")
    registry.guard, registry.login = guard, LOGIN
    docker.write_text(json.dumps({"auths": {registry.host: {"auth": base64.b64encode(b"ada:hush-hush").decode()}}}))

    assert digest(registry) == pushed


@pytest.mark.parametrize(
    ("guard", "sentence"),
    [
        ("bearer", "the registry gives no token (401): log in: `docker login the registry`."),
        ("basic", "the registry wants a user and a password: `docker login the registry`."),
    ],
)
def test_who_hasnt_logged_in_is_told_to(registry: SmallRegistry, guard: Any, sentence: str) -> None:
    registry.guard, registry.login = guard, LOGIN

    assert refusal(registry) == sentence


@pytest.mark.parametrize(
    ("guard", "sentence"),
    [
        ("bearer", "the registry gives no token (401): the credentials of `docker login` are wrong."),
        ("basic", "the registry refuses it (401): there is no such image, or log in: `docker login the registry`."),
    ],
)
def test_wrong_credentials_are_said_to_be_wrong(
    registry: SmallRegistry, docker: Path, guard: Any, sentence: str
) -> None:
    registry.guard, registry.login = guard, LOGIN
    docker.write_text(json.dumps({"auths": {registry.host: {"auth": base64.b64encode(b"ada:other").decode()}}}))

    assert refusal(registry) == sentence


def test_an_image_that_isnt_there_is_named(registry: SmallRegistry) -> None:
    assert refusal(registry) == "the registry has no such image; check its repository and tag."


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (
            Answer(200, {"Content-Type": "text/html"}, b"<html>"),
            "the registry answers with text/html, which is no image",
        ),
        (Answer(200), "the registry answers with no content type, which is no image"),
        (
            Answer(200, {"Content-Type": INDEX, "Docker-Content-Digest": "sha256:12"}),
            "the registry names it by 'sha256:12', which is no SHA-256 digest.",
        ),
        (Answer(429), "the registry has been asked too often (429); wait, or log in"),
        (Answer(503), "the registry answers 503; try again later."),
        (Answer(403), "the registry refuses it (403): there is no such image, or log in"),
        (Answer(302, {"Location": "/elsewhere"}), "the registry sends from one address to the next without end."),
        (Answer(302, {"Location": "http://localhost.invalid/"}), "the registry can't be reached"),
        (
            Answer(200, {"Content-Type": INDEX, "Content-Length": "1000"}, b"cut off"),
            "the registry breaks off in the middle of its answer.",
        ),
        (
            Answer(200, {"Content-Type": INDEX}, b" " * (4 * 1024 * 1024 + 1)),
            "the registry answers with more than 4194304 bytes.",
        ),
    ],
)
def test_whatever_else_a_registry_answers_is_a_sentence(registry: SmallRegistry, answer: Answer, sentence: str) -> None:
    registry.manifest = answer

    assert refusal(registry).startswith(sentence)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Answer(200, {}, b"not json"), "the registry answers with something that has no token."),
        (Answer(200, {}, b'{"token": "two\\nlines"}'), "the registry answers with something that has no token."),
        (Answer(200, {}, b"[]"), "the registry answers with something that has no token."),
        (Answer(500), "the registry gives no token: it answers 500."),
    ],
)
def test_a_token_that_is_none_is_a_sentence(registry: SmallRegistry, answer: Answer, sentence: str) -> None:
    registry.guard, registry.token = "bearer", answer

    assert refusal(registry) == sentence


@pytest.mark.parametrize(
    ("challenge", "sentence"),
    [
        ("", "the registry wants to know who asks, and doesn't say how (WWW-Authenticate)."),
        ("Negotiate", "the registry wants to know who asks, and doesn't say how (WWW-Authenticate)."),
        ("Bearer garbage", "the registry sends for tokens to ''; allowed is an https:// address."),
        (
            'Bearer realm="http://tokens.example.com/"',
            "the registry sends for tokens to 'http://tokens.example.com/'; allowed is an https:// address.",
        ),
        ('Bearer realm="https://[/"', "the registry sends for tokens to 'https://[/'; allowed is an https:// address."),
    ],
)
def test_nobodys_credentials_are_sent_where_a_challenge_is_no_good(
    registry: SmallRegistry, challenge: str, sentence: str
) -> None:
    registry.guard, registry.challenge = "bearer", challenge

    assert refusal(registry) == sentence


def test_an_address_for_tokens_without_the_tls_that_it_claims_is_a_sentence(registry: SmallRegistry) -> None:
    registry.guard, registry.challenge = "bearer", f'Bearer realm="https://{registry.host}/token"'

    assert refusal(registry).startswith("the registry has no TLS that is trusted here")


def test_a_registry_that_doesnt_answer_is_given_up(registry: SmallRegistry) -> None:
    registry.is_slow = True

    assert refusal(registry, timeout=0.2) == "the registry doesn't answer within 0.2 seconds."


def test_a_registry_that_isnt_there_is_a_sentence() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = SmallRegistry(host=f"127.0.0.1:{closed.getsockname()[1]}")

    assert refusal(nowhere) == "the registry can't be reached; a proxy is taken from HTTPS_PROXY."


def test_all_images_that_cant_be_looked_up_are_told_at_once(registry: SmallRegistry) -> None:
    registry.push("cubejs/cube", "v1")
    images = [reference(f"{registry.host}/{image}") for image in ("cubejs/cube:v1", "a/b:1", "c/d:2")]
    with pytest.raises(RegistryError) as caught:
        digests_of(images)

    assert caught.value.summary == "Not every image could be looked up:"
    assert [problem.partition(": ")[0] for problem in caught.value.problems] == [str(images[1]), str(images[2])]
