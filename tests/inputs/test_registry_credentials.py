from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.errors import RegistryError
from floe_cube_infra.inputs.registry_credentials import Credentials, credentials_for

AUTH = base64.b64encode(b"ada:hush:hush").decode()
ADA = Credentials("ada", "hush:hush")
HOST = "registry.example.com:5000"


@pytest.fixture
def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """Writes Docker's configuration."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    return lambda document: (tmp_path / "config.json").write_text(json.dumps(document)) and None


@pytest.fixture
def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a credential helper on PATH, a shell script."""

    def write(script: str) -> None:
        program = tmp_path / "docker-credential-mine"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    return write


def test_who_never_logged_in_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKER_CONFIG", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert credentials_for(HOST) is None


@pytest.mark.parametrize("name", [HOST, f"https://{HOST}", f"https://{HOST}/v2/"])
def test_the_file_has_them_by_host_or_address(configure: Callable[[object], None], name: str) -> None:
    configure({"auths": {name: {"auth": AUTH}, "another.example.com": {"auth": "x"}}})

    assert credentials_for(HOST) == ADA
    assert credentials_for("registry.example.com") is None


def test_docker_hub_has_an_address_of_its_own(configure: Callable[[object], None]) -> None:
    configure({"auths": {"https://index.docker.io/v1/": {"auth": AUTH}}})

    assert credentials_for("docker.io") == ADA


@pytest.mark.parametrize("document", [{}, [], {"auths": []}, {"auths": {HOST: {}}}, {"auths": {HOST: "x"}}])
def test_a_file_without_them_is_as_good_as_none(configure: Callable[[object], None], document: object) -> None:
    configure(document)

    assert credentials_for(HOST) is None


@pytest.mark.parametrize("key", ["credHelpers", "credsStore"])
def test_a_helper_is_asked_for_the_registry(
    configure: Callable[[object], None], helper: Callable[[str], None], key: str
) -> None:
    configure({key: {HOST: "mine"} if key == "credHelpers" else "mine", "auths": {HOST: {}}})
    helper('[ "$1" = get ] && printf \'{"Username": "%s", "Secret": "hush"}\' "$(cat)"')

    assert credentials_for(HOST) == Credentials(HOST, "hush")


def test_a_helper_may_have_none(configure: Callable[[object], None], helper: Callable[[str], None]) -> None:
    configure({"credsStore": "mine"})
    helper('echo "credentials not found in native keychain"; exit 1')

    assert credentials_for(HOST) is None


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("exit 3", "docker-credential-mine gave no credentials (exit code 3)."),
        ("echo hush-hush", "docker-credential-mine answered with something that is no credentials."),
        ("echo '[]'", "docker-credential-mine answered with something that is no credentials."),
        ("printf '\\377'", "docker-credential-mine can't be asked for credentials."),
    ],
)
def test_a_helper_that_fails_is_a_sentence_without_what_it_said(
    configure: Callable[[object], None], helper: Callable[[str], None], script: str, sentence: str
) -> None:
    configure({"credsStore": "mine"})
    helper(script)

    with pytest.raises(RegistryError) as caught:
        credentials_for(HOST)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"credsStore": "not-there"}, "docker-credential-not-there, which isn't on PATH"),
        ({"credsStore": "../mine"}, "'../mine', which is no program's name"),
        ({"auths": {HOST: {"auth": "hush!"}}}, "that aren't base64 of a user and a password"),
        ({"auths": {HOST: {"auth": "aHVzaA=="}}}, "that aren't base64 of a user and a password"),
    ],
)
def test_a_configuration_that_is_wrong_is_a_sentence(
    configure: Callable[[object], None], document: dict[str, Any], sentence: str
) -> None:
    configure(document)

    with pytest.raises(RegistryError) as caught:
        credentials_for(HOST)
    assert sentence in str(caught.value)
    assert "hush" not in str(caught.value)


def test_a_file_that_is_no_json_is_a_sentence(configure: Callable[[object], None], tmp_path: Path) -> None:
    configure({})
    (tmp_path / "config.json").write_text("{")

    with pytest.raises(RegistryError, match="can't be read as JSON"):
        credentials_for(HOST)
