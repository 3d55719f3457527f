"""Starts the provider: `python -m floe_cube_infra.offline.aws [--version V] [ENGINE_ADDRESS]`."""

from __future__ import annotations

import sys

from floe_cube_infra.offline import process


def main() -> None:
    """Serves until the engine, or a signal, ends it."""
    process.prepare()
    # Only now: both import gRPC and the protobufs, which `prepare` makes way for.
    from floe_cube_infra.offline import server  # noqa: PLC0415
    from floe_cube_infra.offline.aws.provider import AwsProvider  # noqa: PLC0415

    server.serve(AwsProvider, sys.argv[1:])


if __name__ == "__main__":
    main()
