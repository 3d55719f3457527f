"""Serves a provider over gRPC as a plugin: a free port on standard output, then silence."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import grpc
from google.protobuf.message import Message
from pulumi.runtime.proto import provider_pb2_grpc, status_pb2

from floe_cube_infra.offline.engine_log import EngineLog
from floe_cube_infra.offline.errors import DetailedError, NotSupportedError, ProviderError
from floe_cube_infra.offline.process import wait_for_the_end

# The engine's own limit, so that whatever it can send can be received.
_LARGEST_MESSAGE: Final = 400 * 1024 * 1024
_SECONDS_TO_FINISH: Final = 1.0
# Each operation that waits for a cluster holds a thread, and a request to cancel them needs one more.
_MOST_OPERATIONS: Final = 512
# Where gRPC carries an error's details.
_STATUS: Final = "grpc-status-details-bin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """A plugin's command line: the engine's address (None if started by hand) and a version."""

    engine: str | None = None
    version: str | None = None

    @classmethod
    def parse(cls, arguments: Sequence[str]) -> Arguments:
        """Reads `[--version V] [flags of the engine] [ADDRESS]`.

        The engine puts flags such as `-v=9` or `--tracing ENDPOINT` before its address, which comes last.
        """
        rest = list(arguments)
        version = None
        if "--version" in rest[:-1]:
            at = rest.index("--version")
            version = rest[at + 1]
            del rest[at : at + 2]
        engine = rest[-1] if rest and not rest[-1].startswith("-") else None
        return cls(engine=engine, version=version)


class _ErrorsAsSentences(grpc.ServerInterceptor):  # type: ignore[type-arg]  # generic in stubs only
    """Turns exceptions into gRPC errors: a sentence for the user, without a traceback."""

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler[Any, Any] | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        handler = continuation(handler_call_details)
        if handler is None or handler.unary_unary is None:
            return handler
        inner = handler.unary_unary
        method = handler_call_details.method.rpartition("/")[2]

        def answer(request: Message, context: grpc.ServicerContext) -> Message:
            try:
                answered: Message = inner(request, context)
            except NotSupportedError as error:
                context.abort(grpc.StatusCode.UNIMPLEMENTED, str(error))
            except DetailedError as error:
                context.set_trailing_metadata(((_STATUS, _status(error).SerializeToString()),))
                context.abort(grpc.StatusCode.UNKNOWN, str(error))
            except ProviderError as error:
                context.abort(grpc.StatusCode.UNKNOWN, str(error))  # as Go's plugins send their errors
            except NotImplementedError:
                context.abort(grpc.StatusCode.UNIMPLEMENTED, f"The offline provider has no {method}.")
            except Exception as error:
                context.abort(grpc.StatusCode.INTERNAL, _internal_error(error, method, request))
            else:
                return answered

        return grpc.unary_unary_rpc_method_handler(
            answer,
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )


def _status(error: DetailedError) -> status_pb2.Status:
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error))
    status.details.add().Pack(error.details)
    return status


def _internal_error(error: Exception, method: str, request: object) -> str:
    # An exception's text can quote a value, and a value can be a secret: so the frames only, and the type.
    frames = "".join(traceback.format_tb(error.__traceback__))
    print(f"{type(error).__name__} in {method}\n{frames}", file=sys.stderr, flush=True)
    where = getattr(request, "urn", "") or getattr(request, "tok", "")
    return (
        f"The offline provider failed by a mistake of its own ({type(error).__name__} in {method}"
        f"{f' of {where}' if where else ''}). Please report it; the details are on the plugin's standard "
        "error, which `pulumi --logtostderr --logflow -v=9 ...` shows."
    )


def start(servicer: provider_pb2_grpc.ResourceProviderServicer) -> tuple[grpc.Server, int]:
    """Starts serving `servicer` on a free loopback port.

    Returns:
        The running server, to be stopped by the caller, and the port.
    """
    server = grpc.server(
        ThreadPoolExecutor(max_workers=_MOST_OPERATIONS),
        interceptors=[_ErrorsAsSentences()],
        options=[
            ("grpc.max_send_message_length", _LARGEST_MESSAGE),
            ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
            ("grpc.so_reuseport", 0),
        ],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def serve(
    build: Callable[[EngineLog, Arguments], provider_pb2_grpc.ResourceProviderServicer],
    command_line: Sequence[str],
) -> NoReturn:
    """Serves the provider that `build` gives until the engine ends it; never returns.

    Needs `process.prepare()` to have run before gRPC was imported.
    """
    arguments = Arguments.parse(command_line)
    server, port = start(build(EngineLog(arguments.engine), arguments))
    print(port, flush=True)
    wait_for_the_end(with_the_parent=arguments.engine is not None)
    server.stop(_SECONDS_TO_FINISH).wait(_SECONDS_TO_FINISH)
    # Leaving the normal way would wait for gRPC's threads, longer than the engine waits for us.
    os._exit(0)
