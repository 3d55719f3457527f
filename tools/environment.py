"""The variables with which `pulumi` works on a local file backend, with this project's tools."""

import os
import secrets
import shlex
from pathlib import Path

from tools.clone import STACK, Clone
from tools.plugins import install_offline_providers
from tools.setup import Machine, set_up

# Beats PULUMI_CONFIG_PASSPHRASE_FILE where both are set.
_OUSTED = "PULUMI_CONFIG_PASSPHRASE"


def environment(*, folder: Path | None = None, pulumi_home: Path | None = None) -> dict[str, str]:
    """Sets up what is missing, and gives what to add to the environment to run the engine.

    Args:
        folder: Where engine state (`state`) and passphrase (`passphrase`) lie, made if missing;
            default this clone's local stack. Tests give a folder of their own.
        pulumi_home: A PULUMI_HOME of one's own, gets the offline providers in a second or two;
            default the one of `make up`, official plugins or not. Tests may share one.

    Returns:
        Variables to put over `os.environ`; PULUMI_CONFIG_PASSPHRASE should be taken out, since it would win.

    Raises:
        SetupError: Something can't be set up.
    """
    clone = Clone.here(folder)
    machine = set_up(Clone.here())
    if pulumi_home:
        install_offline_providers(pulumi_home, clone, machine.cli)
    ensure_passphrase(clone)
    return variables(clone, machine, pulumi_home or machine.plugins.home)


def variables(clone: Clone, machine: Machine, pulumi_home: Path) -> dict[str, str]:
    """The variables themselves, for tools that are in place."""
    folders = [machine.cli.folder, clone.venv / "bin", machine.uv.parent if machine.uv else None]
    path = [str(folder) for folder in folders if folder] + os.environ.get("PATH", os.defpath).split(os.pathsep)
    return {
        "PATH": os.pathsep.join(dict.fromkeys(path)),
        "PULUMI_HOME": str(pulumi_home),
        "PULUMI_BACKEND_URL": f"file://{clone.state}",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(clone.passphrase),
        # A look at the newest release: a request at every command.
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # Every pulumi-* package counts as a wanted plugin: looking for one that is missing costs seconds.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        # For language hosts that don't read `virtualenv` in Pulumi.yaml.
        "PULUMI_PYTHON_CMD": str(clone.python),
    }


def local_variables(clone: Clone) -> dict[str, str]:
    """What makes `pulumi` by hand mean the local stack and its working settings.

    Pulumi reads PULUMI_OPTION_<FLAG> for every flag of every command.
    """
    return {"PULUMI_OPTION_STACK": STACK, "PULUMI_OPTION_CONFIG_FILE": str(clone.working_config)}


def over_ours(added: dict[str, str]) -> dict[str, str]:
    """A whole environment for a child process: ours with these variables over it."""
    return {name: value for name, value in os.environ.items() if name != _OUSTED} | added


def shell_lines(added: dict[str, str]) -> str:
    """Lines for `eval` in a POSIX shell."""
    lines = [f"unset {_OUSTED}", *(f"export {name}={shlex.quote(value)}" for name, value in added.items())]
    return "\n".join(lines)


def ensure_passphrase(clone: Clone) -> None:
    """Makes the state's folder and, where there is none, a passphrase that only its owner can read."""
    clone.state.mkdir(parents=True, exist_ok=True)
    if not clone.passphrase.exists():
        # Created closed, not closed afterwards.
        handle = os.open(clone.passphrase, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(32))
