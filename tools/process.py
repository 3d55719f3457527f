"""Starting other programs: the only place that does."""

# Starting pulumi, go and uv is what this package is for: lists, no shell; our programs or the user's own.
import signal
import subprocess  # nosec B404
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.errors import SetupError

_TAIL = 60


@dataclass(frozen=True, kw_only=True)
class Result:
    """How a program ended.

    Attributes:
        code: Its exit code.
        output: What it printed on stdout; where both streams were read together, the last lines of both.
        errors: What it printed on stderr, if that was read apart.
    """

    code: int
    output: str
    errors: str = ""

    @property
    def ok(self) -> bool:
        """Whether it ended well."""
        return self.code == 0

    def last_lines(self, count: int = 12) -> str:
        """The end of what it printed, indented, for an error message."""
        lines = (self.output + "\n" + self.errors).strip().splitlines()
        return "\n".join(f"    {line}" for line in lines[-count:])


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float | None = None,
) -> Result:
    """Runs a program to its end without a terminal and keeps what it printed.

    Args:
        command: The program and its arguments.
        env: Its whole environment; default ours.
        cwd: Its working folder; default ours.
        timeout: Seconds after which it is killed.

    Raises:
        SetupError: It could not be started, or was killed after `timeout`.
    """
    try:
        done = subprocess.run(  # nosec B603
            [str(part) for part in command],
            env=env,
            cwd=cwd,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SetupError(f"`{_show(command)}` did not end within {timeout:g} s and was stopped.") from error
    except OSError as error:
        raise SetupError(f"`{_show(command)}` can't be started: {error.strerror}.") from error
    return Result(code=done.returncode, output=done.stdout, errors=done.stderr)


def stream(
    command: Sequence[str | Path],
    on_line: Callable[[str], None],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Result:
    """Runs a program and hands on each line that it prints (stdout and stderr in their order).

    An interrupt from the keyboard reaches the program as well: it is let end by itself, then it goes on.

    Returns:
        The exit code and the last sixty lines.

    Raises:
        SetupError: It could not be started.
    """
    tail: deque[str] = deque(maxlen=_TAIL)
    try:
        child = subprocess.Popen(  # nosec B603
            [str(part) for part in command],
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise SetupError(f"`{_show(command)}` can't be started: {error.strerror}.") from error
    with child, _noted_interrupts(child) as interrupts:
        for line in child.stdout or ():
            tail.append(line)
            on_line(line.rstrip("\n"))
    if interrupts:
        raise KeyboardInterrupt
    return Result(code=child.returncode, output="".join(tail))


@contextmanager
def _noted_interrupts(child: "subprocess.Popen[str]") -> Iterator[list[int]]:
    """Collects interrupts while the block runs, so that none falls between a line and what is done with it.

    The second one kills the child.
    """
    interrupts: list[int] = []

    def note(number: int, _: object) -> None:
        interrupts.append(number)
        if len(interrupts) > 1:
            child.kill()
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield interrupts
    finally:
        signal.signal(signal.SIGINT, before)


def _show(command: Sequence[str | Path]) -> str:
    return " ".join(str(part) for part in command)
