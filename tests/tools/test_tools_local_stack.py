"""The local stack with the real engine: a program without resources in a project of its own."""

from pathlib import Path

import pytest

from tools.clone import Clone
from tools.environment import ensure_passphrase
from tools.errors import SetupError
from tools.local_stack import LocalStack
from tools.plugins import Plugins
from tools.setup import Machine, set_up

pytestmark = pytest.mark.real

PROGRAM = "import pulumi\npulumi.export('status', pulumi.Config().require('setting'))\n"


@pytest.fixture(scope="module")
def machine() -> Machine:
    with pytest.MonkeyPatch.context() as patch:
        # Not while its interpreter runs these tests.
        patch.setenv("UV_NO_SYNC", "1")
        return set_up(Clone.here())


@pytest.fixture
def project(clone: Clone) -> Clone:
    (clone.root / "Pulumi.yaml").write_bytes((Clone.here().root / "Pulumi.yaml").read_bytes())
    (clone.root / "__main__.py").write_text(PROGRAM)
    clone.committed_config.write_text("config:\n  floe-cube-infra:setting: one\n")
    clone.venv.symlink_to(Clone.here().venv)
    return clone


@pytest.fixture
def stack(project: Clone, machine: Machine) -> LocalStack:
    plugins = Plugins(home=project.pulumi_home, line="")
    return LocalStack(project, Machine(cli=machine.cli, plugins=plugins, uv=machine.uv))


def test_up_makes_the_stack_a_second_up_changes_nothing_and_the_committed_settings_stay(
    stack: LocalStack, project: Clone
) -> None:
    before = project.committed_config.read_bytes()
    assert not stack.exists
    assert stack.up() == 0
    assert stack.exists
    assert stack.outcome() == ({"status": "one"}, {"create": 1})
    assert stack.up() == 0
    assert stack.outcome()[1] == {"same": 1}
    assert project.committed_config.read_bytes() == before
    assert [path.name for path in project.committed_config.parent.iterdir()] == ["Pulumi.local.yaml"]


def test_the_stack_is_held_to_the_policy_pack(
    stack: LocalStack, project: Clone, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.root / "policies").symlink_to(Clone.here().root / "policies")
    assert stack.check_policies() == 0
    assert "✅ floe-cube@v" in capsys.readouterr().out


def test_a_program_that_fails_gives_pulumis_code_and_its_words(
    stack: LocalStack, project: Clone, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.root / "__main__.py").write_text("raise ValueError('the settings are wrong')\n")
    assert stack.up() != 0
    assert "the settings are wrong" in capsys.readouterr().out


def test_another_passphrase_than_the_states_is_told_with_what_to_do(
    stack: LocalStack, project: Clone, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.prepare()
    project.passphrase.write_text("another")
    assert stack.preview() != 0
    assert "was encrypted with another passphrase" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--stack", "dev"], ["--stack=dev"], ["-s", "dev"]])
def test_another_stack_isnt_silently_taken_for_the_local_one(stack: LocalStack, arguments: list[str]) -> None:
    with pytest.raises(SetupError, match="This is about the stack local alone"):
        stack.preview(arguments)


def test_a_lost_passphrase_is_told_and_not_replaced(stack: LocalStack, project: Clone, machine: Machine) -> None:
    stack.prepare()
    project.passphrase.unlink()
    with pytest.raises(SetupError, match="Put the file back, or start afresh"):
        LocalStack(project, machine)
    assert not project.passphrase.exists()


def test_a_copied_state_brings_its_salt(stack: LocalStack, project: Clone, tmp_path: Path) -> None:
    assert stack.up() == 0
    salted = project.working_config.read_text()
    for name in ("stack-init/Pulumi.local.yaml", "Pulumi.local.yaml", "working-config.last"):
        (project.folder / name).unlink()
    ensure_passphrase(project)
    stack.prepare()
    assert project.working_config.read_text() == salted
