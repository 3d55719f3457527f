"""What the engine would ask of the provider, in a line each; and what it hears of an object that isn't ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, status_pb2

from floe_cube_infra.offline.wire import decode, encode
from tests.offline.conftest import Client, token_of, urn_of

State = dict[str, Any]


def create(provider: Client, inputs: State, **more: Any) -> State:
    request = provider_pb2.CreateRequest(urn=urn_of("thing", token_of(inputs)), properties=encode(inputs), **more)
    return decode(provider.stub.Create(request).properties)


def update(provider: Client, state: State, news: State, **more: Any) -> State:
    request = provider_pb2.UpdateRequest(
        urn=urn_of("thing", token_of(news)), olds=encode(state), news=encode(news), **more
    )
    return decode(provider.stub.Update(request).properties)


def delete(provider: Client, state: State, **more: Any) -> None:
    request = provider_pb2.DeleteRequest(urn=urn_of("thing", token_of(state)), properties=encode(state), **more)
    provider.stub.Delete(request)


@dataclass(frozen=True)
class Unfinished:
    """An object that was applied and isn't ready."""

    message: str
    identifier: str
    reasons: list[str]
    state: State

    @property
    def told(self) -> str:
        return "\n".join([self.message, *self.reasons])


def unfinished(refused: pytest.ExceptionInfo[grpc.RpcError]) -> Unfinished:
    """Reads the details of the error as the engine does."""
    metadata = dict(refused.value.trailing_metadata())
    status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])
    details = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(details)
    return Unfinished(refused.value.details(), details.id, list(details.reasons), decode(details.properties))
