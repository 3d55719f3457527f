"""The command line `floe-cube`: one command a file.

Exit codes: 0 fine, 1 the input is wrong, 2 wrong usage.
"""

import os

# Pydantic's plug-ins are for services that watch themselves; looking for some in all installed packages takes longer
# than a small project does.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

from floe_cube_infra.cli.app import main

__all__ = ["main"]
