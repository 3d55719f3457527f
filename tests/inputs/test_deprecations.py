"""Settings that were renamed: still read, with a warning that names date and way out."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import config as pulumi_config

from floe_cube_infra.errors import SettingsError
from floe_cube_infra.inputs.settings import DeprecatedSettingWarning, Settings, from_pulumi, from_stack_file, parse
from floe_cube_infra.inputs.settings.deprecations import (
    FORMER_NAMES,
    LEAVING,
    Leaving,
    Renamed,
    renamed,
)

IMAGE = "registry.example.com/cube:v1.7.43"
LEAST = {"artifacts": "a.json", "environment": "local"}
FORMERLY = {**LEAST, "api": {"image": IMAGE, "replicas": 3}}
NOW = {**LEAST, "api": {"replicas": 3}, "images": {"cube": IMAGE}}
MESSAGE = (
    "floe-cube-infra:api.image is floe-cube-infra:images.cube now. The former name still counts; releases from "
    "2027-07-01 on may refuse it, so move the value."
)
RECORDED = sorted((Path(__file__).parents[1] / "upgrades" / "states").glob("*/*.yaml"))


def test_a_former_name_means_what_the_new_one_does_and_is_warned_of() -> None:
    with pytest.warns(DeprecatedSettingWarning) as caught:
        settings = parse(FORMERLY, "stacks/Pulumi.dev.yaml")

    assert settings == parse(NOW, "test")
    assert [str(each.message) for each in caught] == [f"stacks/Pulumi.dev.yaml: {MESSAGE}"]


def test_a_section_of_its_own_and_json_text_as_pulumi_hands_it_over_are_kept() -> None:
    images = {"mirror": "registry.example.com/mirror"}
    with pytest.warns(DeprecatedSettingWarning):
        settings = parse({**LEAST, "api": f'{{"image": "{IMAGE}"}}', "images": images}, "test")

    assert (settings.images.cube, settings.images.mirror) == (IMAGE, "registry.example.com/mirror")


def test_both_names_at_once_are_refused_since_nobody_knows_which_counts() -> None:
    with pytest.raises(SettingsError) as caught:
        parse({**FORMERLY, "images": {"cube": IMAGE}}, "test")

    assert caught.value.problems == (
        "floe-cube-infra:api.image: is the former name of floe-cube-infra:images.cube, which is given, too; keep the "
        "latter alone",
    )


def test_under_pulumi_the_warning_is_in_its_output(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(pulumi, "warn", told.append)
    monkeypatch.setattr(pulumi, "get_stack", lambda: "dev")
    monkeypatch.delenv("PULUMI_CONFIG", raising=False)
    token = pulumi_config.CONFIG.set({})
    try:
        config = {"artifacts": "a.json", "environment": "local", "api": f'{{"image": "{IMAGE}"}}'}
        pulumi_config.set_all_config({f"floe-cube-infra:{key}": value for key, value in config.items()})
        assert from_pulumi().images.cube == IMAGE
    finally:
        pulumi_config.CONFIG.reset(token)
    assert told == [MESSAGE]


def test_a_setting_that_goes_counts_until_then_and_is_warned_of() -> None:
    leaving = Leaving(name="api.cpu", instead="Let the autoscaler decide.", refused_from=date(2027, 7, 1))
    raw = {**LEAST, "api": {"cpu": "2"}}

    found = renamed(raw, "p", leaving=[leaving])

    assert found.settings == raw
    assert found.warnings == ("p:api.cpu goes: releases from 2027-07-01 on may refuse it. Let the autoscaler decide.",)
    assert renamed({**LEAST, "api": {}}, "p", leaving=[leaving]).warnings == ()


def has(path: str) -> bool:
    section, key = path.split(".")
    (annotation,) = [field.annotation for field in Settings.model_fields.values() if field.alias == section]
    return any(field.alias == key for field in annotation.model_fields.values())  # type: ignore[union-attr]


TEXTS = st.sampled_from(["", "x", "y"])
SECTIONS = st.none() | TEXTS | st.dictionaries(st.sampled_from(["image", "cube", "cpu"]), TEXTS, max_size=2)


@given(st.dictionaries(st.sampled_from(["api", "images", "sql"]), SECTIONS))
def test_no_value_is_lost_or_made_up(raw: Mapping[str, Any]) -> None:
    found = renamed(raw, "p")
    settings: dict[str, Any] = found.settings

    if found.warnings:
        assert settings["images"]["cube"] == raw["api"]["image"]
    if found.warnings or found.problems:
        settings = {**settings, "api": {**settings["api"], "image": raw["api"]["image"]}}
        settings["images"] = raw.get("images", {})
        assert settings == {"images": {}, **raw}
    else:
        assert settings == raw
    assert renamed(found.settings, "p") == Renamed(settings=found.settings)


def test_a_former_name_is_none_of_now_and_leads_to_one_and_what_goes_is_still_there() -> None:
    names = [*(each.name for each in FORMER_NAMES), *(each.name for each in LEAVING)]
    assert [name for name in names if not has(name)] == []
    assert [each.former for each in FORMER_NAMES if has(each.former)] == []


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_the_settings_of_every_earlier_version_are_still_read(file: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecatedSettingWarning)
        assert from_stack_file(file).artifacts
