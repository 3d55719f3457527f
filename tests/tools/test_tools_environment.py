import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.clone import Clone
from tools.environment import ensure_passphrase, local_variables, over_ours, shell_lines, variables
from tools.plugins import Plugins, find_plugins, install_offline_providers
from tools.pulumi_build import _STARTER
from tools.pulumi_cli import PulumiCli
from tools.reach import Reach
from tools.setup import Machine

Program = Callable[[str, str], Path]

# `pulumi plugin install` as far as these tests look: it puts what --file names, else the official one, in its place.
INSTALL = """
folder="$PULUMI_HOME/plugins/resource-$4-v$5"
mkdir -p "$folder"
for last; do :; done
if [ -f "$last" ]; then cp "$last" "$folder/pulumi-resource-$4"
else [ -z "$REFUSE" ] || exit 1; echo official > "$folder/pulumi-resource-$4"; fi
echo "$@" >> "$PULUMI_HOME/calls"
"""


def _cli(program: Program) -> PulumiCli:
    return PulumiCli(folder=program("pulumi", INSTALL).parent, line="Pulumi")


def _reach(clone: Clone, answer: str | None) -> Reach:
    return Reach(memory=clone.folder / "unreachable.json", ask=lambda url: answer)


def test_the_passphrase_is_made_once_and_only_its_owner_can_read_it(clone: Clone) -> None:
    ensure_passphrase(clone)
    first = clone.passphrase.read_text()
    ensure_passphrase(clone)
    assert clone.passphrase.read_text() == first
    assert len(first) >= 40
    assert stat.S_IMODE(clone.passphrase.stat().st_mode) == 0o600


def test_what_is_printed_for_the_shell_is_what_the_shell_then_has(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "of another project")
    lines = shell_lines({"A": 'it\'s $HOME; `x` "y"', **local_variables(clone)})
    script = f'{lines}\nprintf "%s|" "$A" "$PULUMI_OPTION_STACK" "${{PULUMI_CONFIG_PASSPHRASE-none}}"'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == 'it\'s $HOME; `x` "y"|local|none|'


def test_the_engine_gets_this_clones_state_and_never_a_passphrase_from_outside(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "of another project")
    machine = Machine(
        cli=PulumiCli(folder=Path("/tools/pulumi"), line=""),
        plugins=Plugins(home=clone.pulumi_home, line=""),
        uv=Path("/tools/uv/uv"),
    )
    environment = over_ours(variables(clone, machine, clone.pulumi_home))
    assert "PULUMI_CONFIG_PASSPHRASE" not in environment
    assert environment["PULUMI_BACKEND_URL"] == f"file://{clone.root}/.floe/state"
    assert environment["PATH"].split(os.pathsep)[:3] == ["/tools/pulumi", f"{clone.root}/.venv/bin", "/tools/uv"]


def test_without_network_the_offline_provider_of_this_clone_stands_in(clone: Clone, program: Program) -> None:
    cli = _cli(program)
    for _ in range(2):
        plugin = find_plugins(clone, cli, _reach(clone, "get.example could not be reached"))
        assert plugin.home == clone.pulumi_home
        assert "offline providers stand in for the official ones (kubernetes 4.34.2, random 4.21.0, " in plugin.line
        assert plugin.line.endswith("get.example could not be reached)")
    installed = clone.pulumi_home / "plugins/resource-kubernetes-v4.34.2/pulumi-resource-kubernetes"
    assert f"exec {clone.python} -P -m floe_cube_infra.offline.kubernetes" in installed.read_text()
    assert len((clone.pulumi_home / "calls").read_text().splitlines()) == 3


def test_with_network_the_official_plugin_is_installed_for_all_clones(
    clone: Clone, program: Program, tmp_path: Path
) -> None:
    cli = _cli(program)
    for _ in range(2):
        plugin = find_plugins(clone, cli, _reach(clone, None))
        assert plugin.line == "plugins: the official ones, kubernetes 4.34.2, random 4.21.0, aws 7.51.0"
        assert plugin.home == tmp_path / "cache/floe-cube-infra/pulumi-home"
    assert len((plugin.home / "calls").read_text().splitlines()) == 3


def test_a_download_that_fails_is_told_and_remembered(
    clone: Clone, program: Program, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REFUSE", "1")
    cli = _cli(program)
    assert "the download of kubernetes failed" in find_plugins(clone, cli, _reach(clone, None)).line
    assert "could not be installed" in capsys.readouterr().err
    assert "the download of kubernetes failed" in find_plugins(clone, cli, _reach(clone, None)).line
    assert capsys.readouterr().err == ""


def test_a_home_of_ones_own_gets_the_provider_of_the_clone_that_asks(
    clone: Clone, program: Program, tmp_path: Path
) -> None:
    cli = _cli(program)
    moved = Clone(root=tmp_path / "other", folder=clone.folder)
    moved.root.mkdir()
    moved.lock_file.write_bytes(clone.lock_file.read_bytes())
    for asking in (clone, moved):
        install_offline_providers(tmp_path / "home", asking, cli)
        installed = tmp_path / "home/plugins/resource-kubernetes-v4.34.2/pulumi-resource-kubernetes"
        assert str(asking.python) in installed.read_text()


@pytest.mark.parametrize("below", [".", "examples/consumer"])
def test_the_language_host_starts_with_the_nearest_environment_upwards(tmp_path: Path, below: str) -> None:
    tools, project = tmp_path / "tools", tmp_path / "project"
    (tools / "host").mkdir(parents=True)
    (project / ".venv/bin").mkdir(parents=True)
    (project / below).mkdir(parents=True, exist_ok=True)
    for path, text in (
        (tools / "pulumi-language-python", _STARTER),
        (tools / "host/pulumi-language-python", '#!/bin/sh\necho "$PULUMI_PYTHON_CMD|${PATH%%:*}|$*"\n'),
        (project / ".venv/bin/python", "#!/bin/sh\n"),
    ):
        path.write_text(text)
        path.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name != "PULUMI_PYTHON_CMD"}

    def start(folder: Path, **more: str) -> str:
        command = [tools / "pulumi-language-python", "127.0.0.1:1", "two words"]
        done = subprocess.run(
            command, cwd=folder, env=environment | more, capture_output=True, text=True, check=True, timeout=10
        )
        return done.stdout.strip()

    found = project / ".venv/bin"
    assert start(project / below) == f"{found}/python|{found}|127.0.0.1:1 two words"
    assert start(project / below, PULUMI_PYTHON_CMD="mine").startswith("mine|")
    assert start(tmp_path).startswith("|")
