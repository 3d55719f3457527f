from __future__ import annotations

from typing import get_args

import pytest
from pydantic import ValidationError

from floe_cube_infra.errors import SettingsError
from floe_cube_infra.inputs.images import Image, image, images
from floe_cube_infra.inputs.settings import parse
from floe_cube_infra.inputs.settings.images import ImageName, ImageSettings

DIGEST = f"sha256:{'0' * 64}"


def test_there_is_an_image_for_every_name_and_a_setting_for_every_image() -> None:
    # The observer is our own: who builds it says where it is.
    assert {*images(), "observer"} == set(get_args(ImageName))
    assert set(images()) <= set(ImageSettings.model_fields)


def test_cube_and_cube_store_are_of_one_version() -> None:
    assert images()["cube"].tag == images()["cube_store"].tag


def test_a_digest_says_which_image_a_tag_meant() -> None:
    pinned = Image(repository="docker.io/cubejs/cube", tag="v1.7.43", digest=DIGEST)
    assert pinned.reference() == f"docker.io/cubejs/cube:v1.7.43@{DIGEST}"


@pytest.mark.parametrize("mirror", ["registry.example.com/mirror", "registry.example.com/mirror/"])
def test_a_mirror_has_the_same_repositories_under_another_host(mirror: str) -> None:
    found = Image(repository="docker.io/cubejs/cube", tag="v1.7.43", digest=None).reference(mirror)
    assert found == "registry.example.com/mirror/cubejs/cube:v1.7.43"


def test_a_setting_replaces_an_image_as_it_is() -> None:
    own = ImageSettings.model_validate({"mirror": "registry.example.com", "cube": "registry.example.com/own:1"})
    assert image("cube", own) == "registry.example.com/own:1"
    assert image("cube_store", own).startswith("registry.example.com/cubejs/cubestore:")


@pytest.mark.parametrize("tag", ["latest", "", "a b"])
def test_an_image_has_a_tag_that_stays(tag: str) -> None:
    with pytest.raises(ValidationError):
        Image(repository="docker.io/cubejs/cube", tag=tag, digest=None)


@pytest.mark.parametrize(
    "reference",
    ["cubejs/cube", "cubejs/cube:latest", "registry.example.com:5000/cube", "cube@sha256:12", "", "UPPER:1"],
)
def test_a_setting_that_names_no_one_image_is_refused(reference: str) -> None:
    with pytest.raises(SettingsError, match="doesn't name one image"):
        parse({"artifacts": "a.json", "environment": "dev", "images": {"cube": reference}}, "test")


@pytest.mark.parametrize(
    "reference",
    ["cube:1", f"cube@{DIGEST}", f"registry.example.com:5000/a/cube:1@{DIGEST}", "registry.example.com:5000/cube:1"],
)
def test_a_setting_with_a_tag_or_a_digest_is_taken(reference: str) -> None:
    settings = parse({"artifacts": "a.json", "environment": "dev", "images": {"cube": reference}}, "test")
    assert settings.images.cube == reference


def test_a_pinned_digest_is_that_of_its_tag_and_of_no_other() -> None:
    pinned = f"registry.example.com/cubejs/cube:v1.7.43@{DIGEST}"
    settings = ImageSettings.model_validate({"mirror": "registry.example.com", "pinned": [pinned]})
    assert image("cube", settings) == pinned
    assert image("cube_store", settings) == "registry.example.com/cubejs/cubestore:v1.7.43"
    for other in ({"cube": "registry.example.com/cubejs/cube:v1.7.44"}, {"cube": f"cube@{DIGEST}"}):
        own = settings.model_copy(update=other)
        assert image("cube", own) == other["cube"]


@pytest.mark.parametrize(
    ("pinned", "problem"),
    [
        (["cube:1"], "'cube:1' doesn't say what a tag means; `floe-cube images pin` writes such as"),
        ([f"cube@{DIGEST}"], "doesn't say what a tag means"),
        ([f"cube:1@{DIGEST}", f"cube:1@{DIGEST.replace('0', '1')}"], "cube:1 is pinned more than once"),
    ],
)
def test_what_is_pinned_has_one_tag_and_one_digest(pinned: list[str], problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        parse({"artifacts": "a.json", "environment": "dev", "images": {"pinned": pinned}}, "test")
