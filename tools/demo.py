"""`make demo`: the sample shop in a PostgreSQL of its own, and Cube over it, until Ctrl-C."""

import os
import secrets
import signal

# The command of this project, as a list, without a shell.
import subprocess  # nosec B404
import time
from collections.abc import Sequence
from pathlib import Path

from tools.clone import Clone
from tools.postgres import Postgres, find_postgres, run_postgres
from tools.progress import say, show_duration
from tools.setup import set_up_python
from tools.shop_database import CUBE_USER, DATABASE, load_shop

_STACK_FILE = "stacks/Pulumi.local.yaml"
_ORGANIZATION = "organization_id=1"
# For machines that can't reach GitHub, which has Cube's native addon; where that can be had, it is used.
_STAND_IN = "tests/real/cube/native_stand_in/preload.js"


def demo(clone: Clone, arguments: Sequence[str] = ()) -> int:
    """Runs it until it is interrupted, and gives the exit code of `floe-cube dev`.

    Args:
        clone: Where the sample and the Python environment are.
        arguments: More options of `floe-cube dev`.

    Raises:
        SetupError: There is no PostgreSQL, or it can't be filled.
    """
    start = time.monotonic()
    set_up_python(clone)
    # As Ctrl-C: PostgreSQL is to be ended, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with run_postgres(find_postgres(clone)) as postgres:
        password = secrets.token_urlsafe(24)
        load_shop(postgres, password)
        took = show_duration(time.monotonic() - start)
        say(f"after {took} the sample shop is in a PostgreSQL of its own on 127.0.0.1:{postgres.port}")
        return _run(clone, _database(postgres, password), arguments)


def _database(postgres: Postgres, password: str) -> dict[str, str]:
    given = {"HOST": "127.0.0.1", "PORT": str(postgres.port), "NAME": DATABASE, "USER": CUBE_USER, "PASS": password}
    others = {name: value for name, value in os.environ.items() if not name.startswith("CUBEJS_")}
    return others | {f"CUBEJS_DB_{name}": value for name, value in given.items()}


def _run(clone: Clone, environment: dict[str, str], arguments: Sequence[str]) -> int:
    command: list[str | Path] = [
        clone.venv / "bin" / "floe-cube",
        "dev",
        "--stack-file",
        _STACK_FILE,
        "--claim",
        _ORGANIZATION,
    ]
    with subprocess.Popen(  # nosec B603
        [*command, "--addon-stand-in", _STAND_IN, *arguments], cwd=clone.root, env=environment
    ) as child:
        try:
            return child.wait()
        except KeyboardInterrupt:
            # From the keyboard it reached the child as well; sent to this process alone, it didn't.
            child.terminate()
            return child.wait()
