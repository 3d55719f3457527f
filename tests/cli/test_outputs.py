from __future__ import annotations

import sys
from pathlib import Path

import pytest

from floe_cube_infra.cli import main
from floe_cube_infra.cli.outputs import reference
from floe_cube_infra.model.stack_outputs import SecretNames, StackOutputs

PAGE = Path(__file__).parents[2] / "docs" / "outputs.md"


def test_the_committed_page_is_what_the_outputs_are_now() -> None:
    assert PAGE.read_text() == reference(), "write it anew: floe-cube outputs > docs/outputs.md"


def test_every_output_is_on_the_page() -> None:
    page = reference()
    for field in StackOutputs.model_fields.values():
        assert f"| `{field.alias}` |" in page
    for field in SecretNames.model_fields.values():
        assert f"| `secretNames.{field.alias}` |" in page
    assert "| `namespace` | always | text | The Kubernetes namespace. |" in page
    assert "| `counts.cubes` |  | whole number | Cubes. |" in page


def test_the_command_prints_the_page(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["floe-cube", "outputs"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert capsys.readouterr().out == reference()
