"""Updates a stack as `pulumi up` does, through Pulumi's Automation API.

pulumi is imported here only, and only once an update is asked for.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from floe_cube_infra.errors import FloeCubeError

if TYPE_CHECKING:
    from pulumi.automation import Stack


@dataclass(frozen=True, kw_only=True)
class Update:
    """What an update did.

    Attributes:
        stack: Which stack.
        seconds: How long it took.
        resources: How many were created, updated and so on, by Pulumi's names of the operations.
        error: Why it failed; empty if it didn't.
    """

    stack: str
    seconds: float
    resources: dict[str, int]
    error: str = ""


class StackUpdater:
    """Updates one stack, one update at a time.

    Args:
        stack: The stack's name; it exists.
        project: The folder with Pulumi.yaml.
        say: Is given each line that Pulumi prints.

    Raises:
        FloeCubeError: There is no `pulumi` here, no project, or no such stack.
    """

    def __init__(self, stack: str, project: Path, say: Callable[[str], None]) -> None:
        if shutil.which("pulumi") is None:
            raise FloeCubeError(
                "--up needs the program pulumi, which is not on the PATH. "
                'Run `eval "$(python3 -m tools env)"` in the project\'s folder, or install it.'
            )
        if not (project / "Pulumi.yaml").is_file():
            raise FloeCubeError(f"--up has to be run in the project's folder: {project} has no Pulumi.yaml.")
        self.stack = stack
        self._say = say
        self._selected = _select(stack, project)

    def update(self) -> Update:
        """Brings the stack to what the program makes of its inputs now."""
        from pulumi.automation.errors import CommandError, ConcurrentUpdateError  # noqa: PLC0415

        clock = time.perf_counter()
        resources: dict[str, int] = {}
        error = ""
        try:
            result = self._selected.up(
                color="never", on_output=self._say, on_error=self._say, show_secrets=False, suppress_outputs=True
            )
            resources = {str(name): count for name, count in (result.summary.resource_changes or {}).items()}
        except ConcurrentUpdateError:
            error = f"another update of the stack {self.stack} is under way, or `pulumi cancel` has to clear one away"
        except CommandError:
            error = "pulumi up failed; its output says why"
        return Update(stack=self.stack, seconds=time.perf_counter() - clock, resources=resources, error=error)


def _select(name: str, project: Path) -> Stack:
    from pulumi.automation import select_stack  # noqa: PLC0415
    from pulumi.automation.errors import CommandError, InvalidVersionError, StackNotFoundError  # noqa: PLC0415

    try:
        return select_stack(stack_name=name, work_dir=str(project))
    except StackNotFoundError:
        raise FloeCubeError(f"There is no stack {name}. `pulumi stack init {name}` makes it.") from None
    except InvalidVersionError as error:
        raise FloeCubeError(f"The program pulumi doesn't fit: {error}") from None
    except CommandError as error:
        # Its text is what pulumi printed: "code: 255\n stdout: ...\n stderr: error: ...".
        reason = str(error).partition("stderr:")[2].strip().removeprefix("error: ") or "pulumi doesn't say why"
        raise FloeCubeError(f"The stack {name} can't be selected: {reason}") from None
