"""`floe-cube watch --up` on the real Pulumi engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.watching import Shop, Watching
from tests.program.engine import Project
from tools.environment import environment

# A minute of real updates; what `make test` provisions is in tests/program.
pytestmark = pytest.mark.real


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    # It would win over the passphrase's file.
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    folder = tmp_path / "project"
    folder.mkdir()
    return Project(folder, environment(folder=tmp_path / "floe", pulumi_home=tmp_path / "home"))


def test_the_stack_follows_the_manifest(project: Project) -> None:
    shop = Shop(project.folder / "examples" / "shop")
    stack_file = Path("stacks/Pulumi.local.yaml")
    arguments: list[str | Path] = ["-s", stack_file, "-o", "out", "--up", "--stack", "local", "--format", "json"]
    with Watching(*arguments, cwd=project.folder, env=project.variables) as watching:
        first = watching.run()
        assert (first["status"], first["update"]["ok"]) == ("generated", True)
        assert set(first["update"]["resources"]) == {"create"}

        shop.replace(shop.edited("How far it is."))
        second = watching.run()
        assert second["update"]["ok"]
        assert second["update"]["resources"]["create"] == 1
        assert any("How far it is." in str(manifest) for manifest in project.manifests().values())

        shop.manifest.write_text(shop.edited("How far it is.") + "\n")
        assert "update" not in watching.run(), "nothing that is shipped has changed"

        program = project.folder / "__main__.py"
        whole = program.read_text()
        program.write_text("raise SystemExit(7)\n")
        shop.replace(shop.edited("How far it has come."))
        failed = watching.run()
        assert (failed["status"], failed["update"]["ok"]) == ("generated", False)
        assert failed["update"]["error"] == "pulumi up failed; its output says why"

        program.write_text(whole)
        shop.manifest.write_text(shop.edited("How far it has come.") + "\n")
        assert watching.run()["update"]["ok"], "an update that failed is tried again"
        assert any("How far it has come." in str(manifest) for manifest in project.manifests().values())

        assert watching.stop() == 0
        assert watching.left() == []
        assert "Updating (local)" in watching.errors
        assert "Traceback" not in watching.errors


def test_people_see_what_pulumi_does_and_a_stack_that_isnt_there_is_a_sentence(project: Project) -> None:
    arguments = ["-s", "stacks/Pulumi.local.yaml", "-o", "out", "--up", "--stack"]
    with Watching(*arguments, "none", cwd=project.folder, env=project.variables) as watching:
        assert watching.end() == 1
        assert watching.errors == "Error: There is no stack none. `pulumi stack init none` makes it.\n"

    with Watching(*arguments, "local", cwd=project.folder, env=project.variables) as watching:
        lines = watching.lines_until(lambda line: line.startswith("  updated in "))
        assert "  updating the stack local:" in lines
        assert any(line.startswith("    ") and "Resources:" in line for line in lines)
        assert lines[-1].endswith(" create")
        assert watching.stop() == 0


def test_an_update_that_is_under_way_is_finished(project: Project) -> None:
    arguments = ["-s", "stacks/Pulumi.local.yaml", "-o", "out", "--up", "--stack", "local"]
    with Watching(*arguments, cwd=project.folder, env=project.variables) as watching:
        watching.lines_until(lambda line: line == "  updating the stack local:")
        assert watching.stop() == 0
        assert watching.left()[-1].endswith(" create")
    assert project.manifests()
