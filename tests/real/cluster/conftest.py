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
from tests.program.conftest import pulumi_home
from tests.program.engine import Project
from tests.real.cluster.control_plane import ControlPlane, environment_for, run_control_plane
from tests.real.cluster.ingress_controller import run_ingress_controller
from tools.control_plane import provide_control_plane
from tools.environment import environment

__all__ = ["engine", "pulumi_home"]  # fixtures of the provider's and the program's own tests

_numbers = itertools.count()


@pytest.fixture(scope="session")
def control_plane(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A control plane that is ready; its programs are built first where they never were."""
    capturing = pytestconfig.pluginmanager.getplugin("capturemanager")
    with capturing.global_and_fixture_disabled():  # building takes minutes, and says how far it is
        programs = provide_control_plane()
    with run_control_plane(programs, tmp_path_factory.mktemp("control-plane")) as running:
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


@pytest.fixture(scope="session")
def ingress_controller(control_plane: ControlPlane) -> Iterator[None]:
    """Gives ingresses addresses."""
    with run_ingress_controller(control_plane):
        yield


@pytest.fixture(scope="module")
def new_stack(
    control_plane: ControlPlane,
    ingress_controller: None,
    pulumi_home: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., Project]:
    """Makes a project whose stack goes to the control plane."""

    def make(stack: str, user: str = "admin") -> Project:
        folder = tmp_path_factory.mktemp(stack)
        (folder / "project").mkdir()
        variables = environment(folder=folder / "floe", pulumi_home=pulumi_home)
        return Project(folder / "project", variables | environment_for(control_plane, user), stack)

    return make


@pytest.fixture
def namespace(control_plane: ControlPlane) -> Iterator[str]:
    """A namespace of the test's own."""
    name = f"test-{next(_numbers)}"
    control_plane.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    yield name
    control_plane.request("DELETE", f"/api/v1/namespaces/{name}")
