"""Ports of this machine's loopback."""

from __future__ import annotations

import errno
import socket

from floe_cube_infra.errors import LocalCubeError

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def usable_port(port: int, what: str, option: str) -> int:
    """The port, if it can be listened on; for 0 any free one.

    Args:
        port: 0 to 65535.
        what: Who wants it, for the error.
        option: How another one is given, for the error.

    Raises:
        LocalCubeError: Somebody listens there.
    """
    if port == 0:
        return free_port()
    with socket.socket() as probe:
        # As servers do: a port whose last user has just ended is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            reason = "something listens there already" if error.errno == errno.EADDRINUSE else error.strerror
            raise LocalCubeError(
                f"{what} can't have the port {port} of {LOOPBACK}: {reason}. Give another one, {option} PORT, "
                f"or {option} 0 for any that is free."
            ) from None
    return port
