from __future__ import annotations

import signal
import subprocess
import sys
import time

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from floe_cube_infra.offline.engine_log import EngineLog
from floe_cube_infra.offline.server import Arguments, start

_MODULE = "floe_cube_infra.offline.kubernetes"


class _Broken(provider_pb2_grpc.ResourceProviderServicer):
    def Check(self, request, context):  # noqa: N802
        raise KeyError("hunter" + str(2))


def test_a_mistake_of_the_providers_is_a_sentence_without_traceback_or_value(capfd):
    server, port = start(_Broken())
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel, pytest.raises(grpc.RpcError) as caught:
        provider_pb2_grpc.ResourceProviderStub(channel).Check(provider_pb2.CheckRequest(urn="urn:a"))
    server.stop(None).wait()
    told, shown = caught.value.details(), capfd.readouterr().err
    assert caught.value.code() is grpc.StatusCode.INTERNAL
    assert "KeyError in Check of urn:a" in told
    assert "Traceback" not in told
    assert "test_server.py" in shown
    assert "hunter2" not in told + shown


@pytest.mark.parametrize(
    ("line", "engine", "version"),
    [
        ([], None, None),
        (["127.0.0.1:1"], "127.0.0.1:1", None),
        (["--logtostderr", "-v=9", "--tracing", "http://a", "127.0.0.1:1"], "127.0.0.1:1", None),
        (["--version", "4.1.2", "127.0.0.1:1"], "127.0.0.1:1", "4.1.2"),
        (["--version", "4.1.2"], None, "4.1.2"),
        (["-v=9"], None, None),
    ],
)
def test_the_engines_address_is_the_last_argument(line, engine, version):
    assert Arguments.parse(line) == Arguments(engine=engine, version=version)


def test_without_an_engine_messages_go_to_standard_error(capfd):
    log = EngineLog()
    log.warn_once("careful")
    log.warn_once("careful")
    EngineLog("127.0.0.1:1").info("hello")
    assert capfd.readouterr().err == "careful\nhello\n"


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_plugin_prints_its_port_serves_and_ends_at_a_signal(ending):
    with subprocess.Popen(
        [sys.executable, "-m", _MODULE, "--version", "4.1.2"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            assert stub.GetPluginInfo(empty_pb2.Empty()).version == "4.1.2"
        process.send_signal(ending)
        assert process.wait(timeout=4) == 0


def test_the_plugin_starts_fast_as_it_leaves_the_heavy_package_out():
    code = (
        "import sys; from floe_cube_infra.offline import process; process.prepare();"
        f"import {_MODULE}.provider; print(len([m for m in sys.modules if m.startswith('pulumi')]))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(loaded.stdout) < 20  # pulumi itself is over a hundred modules


def test_a_plugin_whose_engine_was_killed_ends_by_itself(tmp_path):
    # The starter stands for an engine that dies without ending its plugins.
    port_file = tmp_path / "port"
    starter = (
        "import subprocess, sys;"
        f"subprocess.Popen([sys.executable, '-m', '{_MODULE}', '127.0.0.1:1'], stdout=open({str(port_file)!r}, 'w'))"
    )
    subprocess.run([sys.executable, "-c", starter + ";import time; time.sleep(1.5)"], check=True)
    port = port_file.read_text().strip()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            try:
                grpc.channel_ready_future(channel).result(timeout=0.3)
            except grpc.FutureTimeoutError:
                return
        time.sleep(0.3)
    pytest.fail("the plugin still serves")
