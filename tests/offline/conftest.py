"""A provider behind real gRPC on a loopback port, and an engine that keeps what the provider logs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2, provider_pb2_grpc

from floe_cube_infra.offline.engine_log import EngineLog
from floe_cube_infra.offline.kubernetes.provider import KubernetesProvider
from floe_cube_infra.offline.server import Arguments, start
from floe_cube_infra.offline.wire import Value, decode, encode

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"


def urn_of(name: str, token: str = CONFIG_MAP) -> str:
    return f"urn:pulumi:dev::shop::{token}::{name}"


def token_of(inputs: dict[str, Value]) -> str:
    api_version = str(inputs.get("apiVersion", "v1"))
    group = "" if "/" in api_version else "core/"
    return f"kubernetes:{group}{api_version}:{inputs.get('kind', 'ConfigMap')}"


class Engine(engine_pb2_grpc.EngineServicer):
    def __init__(self) -> None:
        self.messages: list[str] = []

    def Log(self, request: engine_pb2.LogRequest, context: object) -> empty_pb2.Empty:  # noqa: N802
        self.messages.append(request.message)
        return empty_pb2.Empty()


@dataclass
class Client:
    """What the engine would send, with plain arguments."""

    stub: provider_pb2_grpc.ResourceProviderStub
    folder: Path
    engine: Engine
    settings: dict[str, Value] = field(default_factory=dict)

    def configure(self, **settings: Value) -> None:
        self.settings = {"renderYamlToDirectory": str(self.folder)} | settings
        self.stub.Configure(provider_pb2.ConfigureRequest(args=encode(self.settings)))

    def check(
        self,
        news: dict[str, Value],
        olds: dict[str, Value] | None = None,
        name: str = "thing",
        seed: bytes = b"seed",
        token: str = "",
        **more: Any,
    ) -> tuple[dict[str, Value], list[str]]:
        token = token or token_of(news)
        response = self.stub.Check(
            provider_pb2.CheckRequest(
                urn=urn_of(name, token),
                name=name,
                type=token,
                olds=encode(olds or {}),
                news=encode(news),
                randomSeed=seed,
                **more,
            )
        )
        return decode(response.inputs), [failure.reason for failure in response.failures]

    def diff(
        self, olds: dict[str, Value], news: dict[str, Value], ignore: list[str] | None = None
    ) -> provider_pb2.DiffResponse:
        request = provider_pb2.DiffRequest(
            urn=urn_of("thing"), old_inputs=encode(olds), news=encode(news), ignoreChanges=ignore or []
        )
        return self.stub.Diff(request)

    def create(
        self, inputs: dict[str, Value], name: str = "thing", *, preview: bool = False
    ) -> provider_pb2.CreateResponse:
        request = provider_pb2.CreateRequest(
            urn=urn_of(name, token_of(inputs)), properties=encode(inputs), preview=preview
        )
        return self.stub.Create(request)

    def update(self, olds: dict[str, Value], news: dict[str, Value], *, preview: bool = False) -> dict[str, Value]:
        request = provider_pb2.UpdateRequest(
            urn=urn_of("thing", token_of(news)), olds=encode(olds), news=encode(news), preview=preview
        )
        return decode(self.stub.Update(request).properties)

    def read(
        self, state: dict[str, Value], inputs: dict[str, Value], name: str = "thing", identifier: str = "x"
    ) -> tuple[str, dict[str, Value], dict[str, Value]]:
        token = token_of(inputs)
        response = self.stub.Read(
            provider_pb2.ReadRequest(
                id=identifier,
                urn=urn_of(name, token),
                type=token,
                properties=encode(state),
                inputs=encode(inputs),
            )
        )
        return response.id, decode(response.inputs), decode(response.properties)

    def delete(self, state: dict[str, Value], name: str = "thing") -> None:
        self.stub.Delete(provider_pb2.DeleteRequest(urn=urn_of(name, token_of(state)), properties=encode(state)))

    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def engine() -> Iterator[tuple[Engine, str]]:
    servicer = Engine()
    server = grpc.server(ThreadPoolExecutor(max_workers=2))
    engine_pb2_grpc.add_EngineServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield servicer, f"127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.fixture
def unconfigured(tmp_path: Path, engine: tuple[Engine, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    # A cluster of whoever runs the tests is none of their business.
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    servicer, address = engine
    arguments = Arguments(engine=address)
    server, port = start(KubernetesProvider(EngineLog(address), arguments))
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Client(provider_pb2_grpc.ResourceProviderStub(channel), tmp_path / "rendered", servicer)
    server.stop(None).wait()


@pytest.fixture
def provider(unconfigured: Client) -> Client:
    unconfigured.configure()
    return unconfigured


@pytest.fixture
def deployment() -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {
                    "containers": [
                        {
                            "name": "web",
                            "image": "nginx:1.27",
                            "ports": [{"name": "http", "containerPort": 80}],
                            "volumeMounts": [{"name": "files", "mountPath": "/files"}],
                            "resources": {"requests": {"cpu": "100m", "memory": "1.5Gi"}},
                        }
                    ],
                    "volumes": [{"name": "files", "emptyDir": {}}],
                },
            },
        },
    }


@pytest.fixture
def config_map() -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "settings", "namespace": "shop"},
        "data": {"a.json": "{}", "text": "one\ntwo\n"},
    }


@pytest.fixture
def secret() -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "creds", "namespace": "shop"},
        "stringData": {"password": "hunter2-very-secret"},
        "data": {"key": "aHVudGVyMi1rZXk="},
    }
