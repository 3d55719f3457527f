"""One control plane for all tests of this folder, and the provider that applies to it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from floe_cube_infra.offline.engine_log import EngineLog
from floe_cube_infra.offline.kubernetes.provider import KubernetesProvider
from floe_cube_infra.offline.server import Arguments, start
from floe_cube_infra.offline.wire import encode
from tests.offline.conftest import Client, Engine, engine
from tests.real.cluster.control_plane import ControlPlane, run_control_plane
from tools.control_plane import provide_control_plane

__all__ = ["engine"]  # a fixture of the provider's own tests

_numbers = itertools.count()


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A control plane that is ready; its programs are built first where they never were."""
    with run_control_plane(provide_control_plane(), tmp_path_factory.mktemp("control-plane")) as running:
        yield running


@pytest.fixture
def provider_of(
    control_plane: ControlPlane, engine: tuple[Engine, str], tmp_path: Path
) -> Iterator[Callable[..., Client]]:
    """Starts the provider for one of the control plane's users."""
    servicer, address = engine

    @contextmanager
    def run(user: str = "admin", **settings: str) -> Iterator[Client]:
        server, port = start(KubernetesProvider(EngineLog(address), Arguments(engine=address)))
        try:
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                client = Client(provider_pb2_grpc.ResourceProviderStub(channel), tmp_path, servicer)
                arguments = {"kubeconfig": str(control_plane.kubeconfig(user))} | settings
                client.stub.Configure(provider_pb2.ConfigureRequest(args=encode(arguments)))
                yield client
        finally:
            server.stop(None).wait()

    with ExitStack() as stack:
        yield lambda *arguments, **settings: stack.enter_context(run(*arguments, **settings))


@pytest.fixture
def provider(provider_of: Callable[..., Client]) -> Client:
    """The provider for who may do everything."""
    return provider_of()


@pytest.fixture
def namespace(control_plane: ControlPlane) -> Iterator[str]:
    """A namespace of the test's own."""
    name = f"test-{next(_numbers)}"
    control_plane.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    yield name
    control_plane.request("DELETE", f"/api/v1/namespaces/{name}")
