from __future__ import annotations

import sys
from pathlib import Path

import pytest

from floe_cube_infra.cli import main
from floe_cube_infra.cli.reference_pages import attribute_texts
from floe_cube_infra.cli.settings import reference
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.inputs.settings.api import ApiSettings

PROJECT = Path(__file__).parents[2]
STACKS = [PROJECT / "stacks" / f"Pulumi.{name}.yaml" for name in ("local", "dev", "staging", "prod")]


def test_the_committed_page_is_what_the_settings_are_now() -> None:
    flags = " ".join(f"--stack-file {stack.relative_to(PROJECT)}" for stack in STACKS)
    command = f"floe-cube settings {flags} > docs/settings.md"
    assert (PROJECT / "docs" / "settings.md").read_text() == reference(STACKS), f"write it anew: {command}"


def test_every_section_is_on_the_page_with_every_setting() -> None:
    page = reference()
    for field in Settings.model_fields.values():
        assert f"`{field.alias}`" in page
    assert "| `api.replicas` | `2` | 1 to 100 | Pods that answer queries; with `maxReplicas` the fewest. |" in page


def test_a_text_goes_on_over_lines() -> None:
    texts = attribute_texts(ApiSettings)
    assert texts.keys() == ApiSettings.model_fields.keys()
    assert all(text.endswith(".") for text in texts.values())


def test_the_command_prints_the_page(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["floe-cube", "settings", "--stack-file", str(STACKS[0])])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert capsys.readouterr().out == reference(STACKS[:1])
