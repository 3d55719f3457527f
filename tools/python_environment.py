"""The project's Python environment, as uv.lock pins it."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from tools.cache import content_key, locked
from tools.clone import Clone
from tools.errors import SetupError
from tools.process import run
from tools.progress import Progress

# The second is what older versions of uv call it.
_SYSTEM_CERTIFICATES = {"UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"}
_TRUE = {"1", "true", "yes", "on", "y", "t"}


def sync_environment(clone: Clone, find_uv: Callable[[], Path]) -> bool:
    """Makes the environment what uv.lock says, unless it is that already.

    uv's own `UV_NO_SYNC` leaves an existing environment alone.

    Args:
        clone: The clone whose environment it is.
        find_uv: Gives uv; asked only where it is needed.

    Returns:
        Whether anything had to be done.

    Raises:
        SetupError: uv could not make it.
    """
    if _is_current(clone) or _is_left_alone(clone):
        return False
    clone.folder.mkdir(parents=True, exist_ok=True)
    with locked(clone.folder / "python-environment.lock"):
        if not _is_current(clone):
            _sync(clone, find_uv())
    return True


def _sync(clone: Clone, uv: Path) -> None:
    command: list[str | Path] = [uv, "sync", "--frozen"]
    if not clone.python.exists():
        # With what runs this, not with whichever Python uv finds or fetches.
        command += ["--python", _base_python()]
    environment = os.environ | {"UV_PROJECT_ENVIRONMENT": str(clone.venv)}
    with Progress(f"installing the Python packages that uv.lock pins into {clone.venv.name}"):
        result = run(command, env=environment, cwd=clone.root)
        if "certificate" in result.errors:
            # A company's proxy: its authority is known to the system, not to uv's own list.
            result = run(command, env=environment | _SYSTEM_CERTIFICATES, cwd=clone.root)
    if not result.ok:
        raise SetupError(
            f"uv could not make the Python environment {clone.venv}:\n{result.last_lines()}\n"
            "Let uv reach its package index (UV_INDEX_URL, UV_DEFAULT_INDEX or a proxy), then try again."
        )
    _stamp(clone).write_text(_wanted(clone), encoding="utf-8")


def _base_python() -> str:
    # An environment's interpreter would make ours depend on that environment.
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def _is_current(clone: Clone) -> bool:
    try:
        return clone.python.exists() and _stamp(clone).read_text(encoding="utf-8") == _wanted(clone)
    except OSError:
        return False


def _is_left_alone(clone: Clone) -> bool:
    return os.environ.get("UV_NO_SYNC", "").lower() in _TRUE and clone.python.exists()


def _stamp(clone: Clone) -> Path:
    return clone.venv / ".synchronised"


def _wanted(clone: Clone) -> str:
    # The folder too, since the environment holds the project by its path.
    return content_key(clone.lock_file, clone.root / "pyproject.toml", also=str(clone.root))
