"""A single file, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from floe_cube_infra.sync.refusal import cannot_write


def write_file(path: Path, text: str) -> None:
    """Writes a file; one that was there before stays until the new one is whole.

    Raises:
        OutputError: It can't be written.
    """
    try:
        # What isn't a file itself is written through: a device, a pipe, a link such as /dev/stdout.
        if path.is_symlink() or (path.exists() and not path.is_file()):
            path.write_text(text, encoding="utf-8")
            return
        handle, staged = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            mask = os.umask(0)
            os.umask(mask)
            Path(staged).chmod(0o666 & ~mask)
            Path(staged).replace(path)
        except BaseException:
            Path(staged).unlink(missing_ok=True)
            raise
    except OSError as error:
        error.filename = None  # the staged one, which nobody knows
        raise cannot_write(error, path) from None
