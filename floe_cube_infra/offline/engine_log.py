"""Messages to the user: the engine hides what a plugin prints, and shows what it logs."""

from __future__ import annotations

import sys
from threading import Lock

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

_SECONDS = 5.0


class EngineLog:
    """Logs to the engine.

    Args:
        address: The engine's host:port; without it, or where it doesn't answer, standard error is used.
    """

    def __init__(self, address: str | None = None) -> None:
        self._lock = Lock()
        self._said: set[str] = set()
        self._stub: engine_pb2_grpc.EngineStub | None = None
        if address:
            self.attach(address)

    def attach(self, address: str) -> None:
        """Sends later messages to the engine at `address`."""
        self._stub = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))

    def info(self, message: str, urn: str = "") -> None:
        """Shows `message` as information, at the resource `urn` or at the stack."""
        self._send(engine_pb2.INFO, message, urn)

    def status(self, message: str, urn: str) -> None:
        """Shows `message` beside the resource `urn` while it is worked on, and nowhere afterwards."""
        if self._stub is not None:
            self._send(engine_pb2.INFO, message, urn, ephemeral=True)

    def warning(self, message: str, urn: str = "") -> None:
        """Shows `message` as a warning, at the resource `urn` or at the stack."""
        self._send(engine_pb2.WARNING, message, urn)

    def warn_once(self, message: str, urn: str = "") -> None:
        """Shows `message` as a warning the first time that this process gives it."""
        with self._lock:
            if message in self._said:
                return
            self._said.add(message)
        self.warning(message, urn)

    def _send(
        self, severity: engine_pb2.LogSeverity.ValueType, message: str, urn: str, *, ephemeral: bool = False
    ) -> None:
        if self._stub is not None:
            try:
                request = engine_pb2.LogRequest(severity=severity, message=message, urn=urn, ephemeral=ephemeral)
                self._stub.Log(request, timeout=_SECONDS)
            except grpc.RpcError:
                pass  # a lost message mustn't fail the update; standard error still has it
            else:
                return
        print(message, file=sys.stderr, flush=True)
