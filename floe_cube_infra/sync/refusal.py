"""Why the system lets nothing be written at a place, and what to do about it."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Final

from floe_cube_infra.errors import OutputError

_MENDS: Final = {
    errno.EACCES: "Give a place that you may write to, or let yourself write there.",
    errno.EROFS: "Give a place that can be written to.",
    errno.ENOENT: "Give a place in a folder that is there and that you may write to.",
    errno.EEXIST: "Give a folder, of which no part is a file.",
    errno.ENOTDIR: "Give a folder, of which no part is a file.",
    errno.EISDIR: "Give a file, not a folder.",
    errno.ENOSPC: "Make room, and try again.",
}


def cannot_write(error: OSError, place: Path) -> OutputError:
    """What the system says of the file that it names, else of `place`."""
    named = error.filename if isinstance(error.filename, str) else place
    mend = _MENDS.get(error.errno or 0)
    return OutputError(f"{named} can't be written: {error.strerror}." + (f" {mend}" if mend else ""))
