"""What a provider's process does before anything else is imported.

Importing `pulumi` takes half a second, of which a provider needs nothing but the generated protobufs; and
gRPC starts threads, which must not take the signals that the engine ends a plugin with.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Final

ENDING_SIGNALS: Final = frozenset({signal.SIGINT, signal.SIGTERM})
_SECONDS_BETWEEN_LOOKS_AT_THE_PARENT: Final = 2.0


def prepare() -> None:
    """Blocks the ending signals and makes `pulumi.runtime.proto` importable on its own.

    Call it first in a provider's process, never in a library or a test: `import pulumi` gives only the
    protobufs afterwards.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING_SIGNALS)
    if "pulumi" in sys.modules:
        return
    spec = find_spec("pulumi")
    if spec is None or spec.origin is None:
        sys.exit("The provider needs the Python package pulumi; install it into the same environment.")
    folder = Path(spec.origin).parent
    for name in ("pulumi", "pulumi.runtime", "pulumi.runtime.proto"):
        package = ModuleType(name)
        package.__path__ = [str(folder.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = package


def wait_for_the_end(*, with_the_parent: bool) -> None:
    """Returns at SIGINT or SIGTERM, or once the parent process is gone if `with_the_parent` is set.

    The engine ends its plugins itself, unless it was killed: then nobody else would.
    """
    parent = os.getppid()
    while signal.sigtimedwait(ENDING_SIGNALS, _SECONDS_BETWEEN_LOOKS_AT_THE_PARENT) is None:
        if with_the_parent and os.getppid() != parent:
            return
