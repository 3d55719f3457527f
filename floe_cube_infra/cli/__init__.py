"""The command line `floe-cube`: one command a file.

Exit codes: 0 fine, 1 the input is wrong, 2 wrong usage.
"""

import gc
import os

__all__ = ["main"]


def main() -> None:
    """Runs a command."""
    # A command is over before its garbage would matter, and looking for it takes a third of the time.
    gc.disable()
    # Pydantic's plug-ins are for services that watch themselves; looking for some in all installed packages takes
    # longer than a small project does.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from floe_cube_infra.cli.app import app  # noqa: PLC0415 - what is above has to come first

    # However it was started, completion has to know by which name the shell does.
    app(prog_name="floe-cube")
