"""The loopback port that `cube.js` posts batches of records to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from floe_cube_infra.observer.observer import Observer
from floe_cube_infra.observer.records import MOST_BYTES, BatchError, decode

RECORDS_PATH: Final = "/v1/records"
HEALTH_PATH: Final = "/livez"


class _TooLargeError(Exception):
    """A body over `MOST_BYTES`."""


def observer_app(make_observer: Callable[[], Observer]) -> Starlette:
    """The application.

    Args:
        make_observer: Makes the observer, within the event loop.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        observer = make_observer()
        app.state.observer = observer
        observer.start()
        try:
            yield
        finally:
            await observer.stop()

    return Starlette(
        routes=[
            Route(RECORDS_PATH, _take_records, methods=["POST"]),
            Route(HEALTH_PATH, _health, methods=["GET"]),
        ],
        lifespan=lifespan,
    )


async def _take_records(request: Request) -> Response:
    try:
        batch = decode(await _body(request))
    except _TooLargeError:
        return JSONResponse({"error": f"a batch has at most {MOST_BYTES} bytes"}, status_code=413)
    except BatchError as error:
        return JSONResponse({"error": str(error)}, status_code=400)
    except ClientDisconnect:
        return Response(status_code=400)
    request.app.state.observer.observe(batch)
    return Response(status_code=202)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise _TooLargeError
    return bytes(body)


async def _health(request: Request) -> Response:
    observer: Observer = request.app.state.observer
    return JSONResponse({"status": "ok", "queued": observer.queued, "dropped": observer.dropped})
