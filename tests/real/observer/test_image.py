"""What the observer's image holds, put into a folder by the script of its Dockerfile, and run by its command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from floe_cube_infra.local_cube.ports import free_port
from floe_cube_infra.model.observation import LineageExport, ObservedDatabase, ObserverSettings, TraceExport
from tests.observer.conftest import SAMPLE
from tools.uv import find_uv

pytestmark = pytest.mark.real

ROOT = Path(__file__).resolve().parents[3]
DOCKER = ROOT / "docker" / "observer"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("image") / "observer"
    path = f"{find_uv().parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([DOCKER / "install.sh", folder, PYTHON], cwd=ROOT, env={**os.environ, "PATH": path}, check=True)
    return folder


@pytest.fixture
def running(installed: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    closed, port = free_port(), free_port()
    settings = ObserverSettings(
        database=ObservedDatabase(system="postgresql"),
        port=port,
        traces=TraceExport(endpoint=f"http://127.0.0.1:{closed}/v1/traces"),
        lineage=LineageExport(endpoint=f"http://127.0.0.1:{closed}/api/v1/lineage", namespace="shop"),
    )
    (tmp_path / "observer.json").write_bytes(msgspec.json.encode(settings))
    # As the container: nothing but the image's folder, and no variable of ours.
    environment = {"PYTHONPATH": str(installed), "FLOE_OBSERVER_FOLDER": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys._base_executable, "-S", "-m", "floe_cube_infra.observer"]  # type: ignore[attr-defined]
    with subprocess.Popen(command, cwd=tmp_path, env=environment) as process:
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _health(url: str) -> bytes:
    until = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(f"{url}/livez", timeout=1) as answer:
                body: bytes = answer.read()
                return body
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < until
            time.sleep(0.1)


def test_the_containers_command_serves_within_its_memory(running: tuple[subprocess.Popen[bytes], str]) -> None:
    process, url = running
    assert b'"status":"ok"' in _health(url)
    for _ in range(200):
        request = urllib.request.Request(f"{url}/v1/records", data=SAMPLE.read_bytes(), method="POST")
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.status == 202
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    assert pages * os.sysconf("SC_PAGE_SIZE") < 64 << 20


def test_the_image_holds_the_observer_and_no_pulumi(installed: Path) -> None:
    names = {path.name for path in installed.iterdir()}

    assert {"floe_cube_infra", "msgspec", "openlineage", "starlette", "uvicorn"} <= names
    assert not {"pulumi", "pulumi_kubernetes", "pydantic", "boto3"} & names


def test_the_dockerfile_runs_that_script_and_that_command_as_nobody() -> None:
    text = (DOCKER / "Dockerfile").read_text()

    assert re.search(r"^RUN docker/observer/install\.sh /observer 3\.11$", text, re.MULTILINE)
    assert re.search(r'^ENTRYPOINT \["/usr/bin/python3", "-m", "floe_cube_infra\.observer"\]$', text, re.MULTILINE)
    assert re.search(r"^USER 65532$", text, re.MULTILINE)
