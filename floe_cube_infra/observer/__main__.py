"""`python -m floe_cube_infra.observer`: the container's command."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import msgspec
import uvicorn

from floe_cube_infra.observer.app import observer_app
from floe_cube_infra.observer.configuration import (
    DEFAULT_FOLDER,
    FOLDER_VARIABLE,
    ConfigurationError,
    read_settings,
    request_headers,
    resource_attributes,
)
from floe_cube_infra.observer.lineage_files import LineageFiles
from floe_cube_infra.observer.observer import Observer

# Only containers of the same pod reach it.
_HOST = "127.0.0.1"


def main() -> int:
    """Serves, or where a file is missing or wrong only says so, until it is told to end; gives 1 in the second case."""
    folder = Path(os.environ.get(FOLDER_VARIABLE, DEFAULT_FOLDER))
    try:
        settings, headers = read_settings(folder), request_headers(os.environ)
        settings = msgspec.structs.replace(settings, resource={**settings.resource, **resource_attributes(os.environ)})
    except ConfigurationError as error:
        # A container that ends would take its pod out of service, and Cube with it.
        ends = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, ends)
        print(f"error: {error}", file=sys.stderr)
        signal.sigwait(ends)
        return 1
    uvicorn.run(
        observer_app(lambda: Observer(settings, LineageFiles(folder), headers)),
        host=_HOST,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Cube and its rings are the only clients.
        limit_concurrency=64,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
