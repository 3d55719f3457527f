"""`python -m floe_cube_infra.observer`: the container's command."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import uvicorn

from floe_cube_infra.observer.app import observer_app
from floe_cube_infra.observer.configuration import (
    DEFAULT_FOLDER,
    FOLDER_VARIABLE,
    ConfigurationError,
    read_lineage,
    read_settings,
    request_headers,
)
from floe_cube_infra.observer.observer import Observer

# Only containers of the same pod reach it.
_HOST = "127.0.0.1"


def main() -> int:
    """Serves until it is told to end; gives 1 where a file is missing or wrong."""
    folder = Path(os.environ.get(FOLDER_VARIABLE, DEFAULT_FOLDER))
    try:
        settings, lineage, headers = read_settings(folder), read_lineage(folder), request_headers(os.environ)
    except ConfigurationError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    uvicorn.run(
        observer_app(lambda: Observer(settings, lineage, headers)),
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
