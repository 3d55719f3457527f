import os
from pathlib import Path

import pytest

from tools.clone import Clone
from tools.image import build_image
from tools.words import main

ROOT = Path(__file__).resolve().parents[2]
NAME = "registry.example.com/floe-cube-observer:1"


def test_docker_is_given_the_dockerfile_and_the_images_that_it_is_made_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    stand_in = tmp_path / "docker"
    stand_in.write_text('#!/bin/sh\necho "$@"\nexit 7\n')
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    assert build_image(Clone.here(), [NAME, "--push"]) == 7

    told = capfd.readouterr()
    said = told.out + told.err
    assert f"build --file docker/observer/Dockerfile --tag {NAME} --build-arg BUILD_IMAGE=" in said
    assert "--build-arg RUNTIME_IMAGE=gcr.io/distroless/python3-debian12:nonroot" in said
    assert "--push ." in said
    for argument in ("UV_IMAGE", "BUILD_IMAGE", "RUNTIME_IMAGE"):
        assert f"ARG {argument}\n" in (ROOT / "docker" / "observer" / "Dockerfile").read_text()


def test_without_a_name_or_docker_a_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["image"]) == 1
    assert "make image IMAGE=" in capsys.readouterr().err
    monkeypatch.setenv("PATH", "")
    assert main(["image", NAME]) == 1
    assert "Neither docker nor podman" in capsys.readouterr().err
