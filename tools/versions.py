"""Version numbers: reading them from uv.lock and from what a tool prints, and comparing them."""

import re
from pathlib import Path

from tools.errors import SetupError

Version = tuple[int, int, int]


def parse_version(text: str) -> Version | None:
    """The first `major.minor[.patch]` in a text such as `v3.259.0`, `go1.26` or `uv 0.13.9 (linux)`.

    Returns:
        Three numbers, a missing patch being 0; None where the text holds no version.
    """
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    if not found:
        return None
    return int(found[1]), int(found[2]), int(found[3] or 0)


def show_version(version: Version) -> str:
    """`3.259.0` for (3, 259, 0)."""
    return ".".join(str(part) for part in version)


def locked_version(lock_file: Path, package: str) -> str:
    """The version that uv.lock pins for a package.

    A pattern instead of a TOML parser: the file is large, and every `make` word asks.

    Raises:
        SetupError: The file is missing or does not hold the package.
    """
    try:
        text = lock_file.read_text(encoding="utf-8")
    except OSError as error:
        raise SetupError(
            f"{lock_file} can't be read ({error.strerror}); it is part of the project: restore it."
        ) from error
    found = re.search(rf'^name = "{re.escape(package)}"\nversion = "([^"]+)"', text, re.MULTILINE)
    if not found:
        raise SetupError(f"{lock_file} does not pin {package}; add it to pyproject.toml and run `uv lock`.")
    return found[1]


def go_module_version(go_mod: Path, module: str) -> str:
    """The version (with its `v`) that a go.mod requires of a module.

    Raises:
        SetupError: The file does not require the module.
    """
    found = re.search(
        rf"^\s*(?:require\s+)?{re.escape(module)} (v\S+)", go_mod.read_text(encoding="utf-8"), re.MULTILINE
    )
    if not found:
        raise SetupError(f"{go_mod} does not require {module}; restore the file from git.")
    return found[1]
