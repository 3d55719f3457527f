"""The command line `floe-cube`: one command a file.

Exit codes: 0 fine, 1 the input is wrong, 2 wrong usage.
"""

from floe_cube_infra.cli.app import main

__all__ = ["main"]
