"""The local stack: the same program on Pulumi's file backend, without account, cluster or prompt."""

import json
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tools.clone import STACK, Clone
from tools.environment import ensure_passphrase, over_ours, variables
from tools.errors import SetupError
from tools.hints import hint
from tools.policy_pack import find_policy_pack
from tools.process import Result, run, stream
from tools.setup import Machine
from tools.stack_config import read_salt, refresh_working_config

_SCRATCH = "stack-init"


class LocalStack:
    """Previews, provisions and removes the local stack.

    Args:
        clone: The clone whose stack it is.
        machine: The tools to use.

    Raises:
        SetupError: Its passphrase or settings are missing or don't fit its state.
    """

    def __init__(self, clone: Clone, machine: Machine) -> None:
        self._clone = clone
        self._cli = machine.cli
        self._pulumi = machine.cli.program
        _refuse_lost_passphrase(clone)
        ensure_passphrase(clone)
        self._environment = over_ours(variables(clone, machine, machine.plugins.home))

    @property
    def exists(self) -> bool:
        """Whether it was ever provisioned or previewed in this clone."""
        return (self._clone.folder / _SCRATCH / f"Pulumi.{STACK}.yaml").exists()

    def prepare(self) -> None:
        """Makes the stack if there is none yet, and the settings that the engine gets.

        Raises:
            SetupError: Pulumi refused, or the committed settings can't be used.
        """
        refresh_working_config(self._clone, self._salt())

    def up(self, arguments: Sequence[str] = ()) -> int:
        """Provisions it, showing Pulumi's own output; gives Pulumi's exit code."""
        return self._operate("up", "--yes", "--skip-preview", "--suppress-permalink=true", *arguments)

    def preview(self, arguments: Sequence[str] = ()) -> int:
        """Shows what `up` would do; gives Pulumi's exit code."""
        return self._operate("preview", "--suppress-permalink=true", *arguments)

    def check_policies(self, arguments: Sequence[str] = ()) -> int:
        """Previews it held to the policy pack; gives Pulumi's exit code, which no violation leaves at 0."""
        pack = find_policy_pack(self._clone, self._cli)
        self._environment = pack.on(self._environment)
        return self._operate("preview", "--suppress-permalink=true", *pack.option, *arguments)

    def down(self, arguments: Sequence[str] = ()) -> int:
        """Removes its resources; settings and history stay. Gives Pulumi's exit code."""
        return self._operate("destroy", "--yes", "--skip-preview", "--suppress-permalink=true", *arguments)

    def outcome(self) -> tuple[dict[str, Any], dict[str, int]]:
        """The stack's outputs and how many resources the last operation changed, by kind.

        Secret outputs come masked.

        Raises:
            SetupError: Pulumi could not tell.
        """
        with ThreadPoolExecutor() as pool:
            outputs = pool.submit(self._read, "stack", "output", "--json")
            history = pool.submit(self._read, "stack", "history", "--json", "--page-size", "1")
            last: dict[str, Any] = next(iter(history.result() or []), {})
            return dict(outputs.result() or {}), dict(last.get("resourceChanges") or {})

    def _operate(self, *command: str) -> int:
        _refuse_other_stacks(command)
        self.prepare()
        colour = "always" if sys.stdout.isatty() and "NO_COLOR" not in os.environ else "never"
        options = ["--non-interactive", "--color", colour, "--config-file", str(self._clone.working_config)]
        result = stream(
            [self._pulumi, *command, "--stack", STACK, *options],
            lambda line: print(line, flush=True),
            env=self._environment,
            cwd=self._clone.root,
        )
        if not result.ok and (advice := hint(result.output)):
            print(f"\n{advice}", file=sys.stderr)
        return result.code

    def _salt(self) -> str:
        """The salt that goes with the passphrase and the state; on first use the stack is made."""
        scratch = self._clone.folder / _SCRATCH
        settings = scratch / f"Pulumi.{STACK}.yaml"
        if not settings.exists():
            self._init(scratch)
        salt = read_salt(settings.read_text(encoding="utf-8")) if settings.exists() else None
        salt = salt or _salt_in_state(self._clone)
        if not salt:
            raise SetupError(
                f"Pulumi made no encryption salt in {settings}. `make clean` forgets the local stack; then try again."
            )
        return salt

    def _init(self, scratch: Path) -> None:
        # In a scratch project of the same name: `stack init` writes the salt into its project's settings.
        scratch.mkdir(parents=True, exist_ok=True)
        (scratch / "Pulumi.yaml").write_text(f"name: {_project_name(self._clone)}\nruntime: python\n", encoding="utf-8")
        result = self._run("stack", "init", STACK, "--secrets-provider", "passphrase", "--cwd", str(scratch))
        if not result.ok and "already exists" not in result.output + result.errors:
            raise SetupError(f"Pulumi could not make the local stack:\n{result.last_lines()}")

    def _read(self, *command: str) -> Any:  # noqa: ANN401 - JSON of either shape
        result = self._run(*command, "--stack", STACK)
        if not result.ok:
            raise SetupError(f"Pulumi could not tell how the stack is:\n{result.last_lines()}")
        return json.loads(result.output)

    def _run(self, *command: str) -> Result:
        return run([self._pulumi, *command, "--non-interactive"], env=self._environment, cwd=self._clone.root)


def _refuse_other_stacks(arguments: Sequence[str]) -> None:
    if any(argument in {"--stack", "-s"} or argument.startswith("--stack=") for argument in arguments):
        raise SetupError(
            f"This is about the stack {STACK} alone. For another one call pulumi by hand, with the "
            "backend that keeps its state: `pulumi stack init dev` makes it, `pulumi preview --stack dev` looks at it."
        )


def _refuse_lost_passphrase(clone: Clone) -> None:
    if not clone.passphrase.exists() and any(clone.state.glob(f".pulumi/stacks/*/{STACK}.json")):
        raise SetupError(
            f"The local stack's passphrase ({clone.passphrase}) is gone, but its state ({clone.state}) "
            "was encrypted with it. Put the file back, or start afresh: `make clean` forgets the stack."
        )


def _salt_in_state(clone: Clone) -> str | None:
    for file in clone.state.glob(f".pulumi/stacks/*/{STACK}.json"):
        content = json.loads(file.read_text(encoding="utf-8"))
        provider = ((content.get("checkpoint") or {}).get("latest") or {}).get("secrets_providers") or {}
        salt = (provider.get("state") or {}).get("salt")
        if salt:
            return str(salt)
    return None


def _project_name(clone: Clone) -> str:
    for line in (clone.root / "Pulumi.yaml").read_text(encoding="utf-8").splitlines():
        if line.startswith("name:"):
            return line.removeprefix("name:").strip().strip("\"'")
    raise SetupError(f"{clone.root / 'Pulumi.yaml'} has no line `name:`; restore it from git.")
