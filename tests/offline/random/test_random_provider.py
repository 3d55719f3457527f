"""The random provider over gRPC, without an engine."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from floe_cube_infra.offline.engine_log import EngineLog
from floe_cube_infra.offline.random.provider import RandomProvider
from floe_cube_infra.offline.server import Arguments, start
from floe_cube_infra.offline.wire import UNKNOWN, Properties, Secret, Value, decode, encode

Stub = provider_pb2_grpc.ResourceProviderStub

URN = "urn:pulumi:dev::shop::random:index/randomPassword:RandomPassword::key"
INPUTS: Properties = {"length": 64.0, "special": False}


@pytest.fixture(scope="module")
def provider() -> Iterator[Stub]:
    server, port = start(RandomProvider(EngineLog(), Arguments()))
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Stub(channel)
    server.stop(None).wait()


def create(provider: Stub, *, preview: bool = False) -> Properties:
    made = provider.Create(provider_pb2.CreateRequest(urn=URN, properties=encode(INPUTS), preview=preview))
    return decode(made.properties)


def password_of(state: Properties) -> str:
    """The password, which has to be marked as secret."""
    result = state["result"]
    assert isinstance(result, Secret)
    assert isinstance(result.value, str)
    return result.value


def test_a_password_is_secret_as_long_as_asked_for_and_never_the_same(provider: Stub) -> None:
    passwords = {password_of(create(provider)) for _ in range(20)}
    assert len(passwords) == 20
    assert all(len(password) == 64 and password.isascii() and password.isalnum() for password in passwords)


def test_a_preview_makes_none(provider: Stub) -> None:
    assert create(provider, preview=True)["result"] == Secret(UNKNOWN)


def test_a_refresh_keeps_it(provider: Stub) -> None:
    state = create(provider)
    request = provider_pb2.ReadRequest(urn=URN, id="none", properties=encode(state), inputs=encode(INPUTS))
    assert password_of(decode(provider.Read(request).properties)) == password_of(state)


def test_other_inputs_make_a_new_one_and_the_same_inputs_none(provider: Stub) -> None:
    def replaced(**changes: Value) -> list[str]:
        news: Properties = {**INPUTS, **changes}
        request = provider_pb2.DiffRequest(
            urn=URN, id="none", olds=encode(INPUTS), old_inputs=encode(INPUTS), news=encode(news)
        )
        return list(provider.Diff(request).replaces)

    assert replaced() == []
    assert replaced(length=65.0) == ["length"]


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({}, "give a whole number of at least 1"),
        ({"length": 64.0, "lower": False, "upper": False, "numeric": False, "special": False}, "has to be allowed"),
        ({"length": 64.0, "minLower": 3.0}, "only the official plugin does"),
    ],
)
def test_what_it_cannot_do_is_said(provider: Stub, inputs: Properties, reason: str) -> None:
    answer = provider.Check(provider_pb2.CheckRequest(urn=URN, news=encode(inputs)))
    (failure,) = answer.failures
    assert reason in failure.reason
