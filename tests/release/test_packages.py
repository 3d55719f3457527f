"""What is published: built as for a release, installed into an empty environment, and used from there."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest

from floe_cube_infra.generation import generate
from floe_cube_infra.inputs.settings import from_stack_file
from tools.clone import Clone
from tools.packages import build_packages
from tools.release_notes import project_version
from tools.supply_chain import audit, write_sbom
from tools.uv import find_uv

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("packages")]

CLONE = Path(__file__).resolve().parents[2]
STACK = "stacks/Pulumi.local.yaml"


@dataclass(frozen=True)
class Installed:
    """The wheel, and the environment that it was installed into."""

    wheel: Path
    environment: Path

    def run(self, program: str, *arguments: object, folder: Path = CLONE / "examples") -> str:
        """Runs a program of the environment, away from the sources; gives what it printed."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
        command = [self.environment / "bin" / program, *arguments]
        done = subprocess.run(
            list(map(str, command)), cwd=folder, env=outside, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder, uv = tmp_path_factory.mktemp("packages"), find_uv()
    build_packages(Clone.here(), ["--wheel", "--out-dir", str(folder)])
    (wheel,) = folder.glob("*.whl")
    pins, environment = folder / "requirements.txt", folder / "environment"
    export = ["export", "--frozen", "--no-dev", "--no-emit-project", "--quiet", "--output-file", pins]
    for command in (
        export,
        ["venv", "--quiet", environment],
        ["pip", "install", "--quiet", "--python", environment / "bin" / "python", "--constraint", pins, wheel],
    ):
        subprocess.run([uv, *command], cwd=CLONE, check=True)
    return Installed(wheel, environment)


def test_the_installed_command_writes_the_bytes_that_the_sources_write(installed: Installed, tmp_path: Path) -> None:
    installed.run("floe-cube", "generate", "-s", STACK, "-o", tmp_path / "out", folder=CLONE)

    generated = generate(from_stack_file(CLONE / STACK), CLONE)
    assert generated is not None
    expected = {path: text.encode() for path, text in generated.files.everything().items()}
    assert {path: (tmp_path / "out" / path).read_bytes() for path in expected} == expected
    assert "site-packages" in installed.run("python", "-c", "import floe_cube_infra; print(floe_cube_infra.__file__)")


def test_the_wheel_holds_every_file_of_the_package(installed: Installed) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "floe_cube_infra"], cwd=CLONE, capture_output=True, text=True, check=True
    )
    packed = {name for name in zipfile.ZipFile(installed.wheel).namelist() if name.startswith("floe_cube_infra/")}

    assert packed == set(listed.stdout.splitlines())
    assert {"floe_cube_infra/py.typed", "floe_cube_infra/cube/cube.js", "floe_cube_infra/images.json"} <= packed


def test_the_version_is_said_once_and_known_everywhere(installed: Installed) -> None:
    number = project_version(Clone.here())

    assert installed.run("floe-cube", "--version") == f"floe-cube {number}\n"
    assert installed.wheel.name.startswith(f"floe_cube_infra-{number}-")
    assert version("floe-cube-infra") == number


def test_the_installed_command_writes_the_published_schemas(installed: Installed, tmp_path: Path) -> None:
    installed.run("floe-cube", "schemas", "--out", tmp_path)

    published = sorted((CLONE / "docs" / "schemas").glob("*.schema.json"))
    assert {file.name: file.read_text() for file in published} == {
        file.name: file.read_text() for file in sorted(tmp_path.glob("*.schema.json"))
    }


def test_another_stacks_program_can_import_what_reads_outputs(installed: Installed) -> None:
    installed.run("python", "-W", "error::ImportWarning", "-c", "from floe_cube_infra.outputs import read_outputs")


def test_the_bill_of_materials_names_what_is_installed_and_is_always_the_same(
    installed: Installed, tmp_path: Path
) -> None:
    texts = []
    for name in ("one.json", "two.json"):
        write_sbom(Clone.here(), ["--output-file", str(tmp_path / name)])
        texts.append((tmp_path / name).read_text())
    bill = json.loads(texts[0])

    assert texts[0] == texts[1]
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "floe-cube-infra")
    listed = json.loads(
        subprocess.run(
            [find_uv(), "pip", "list", "--format", "json", "--python", installed.environment / "bin" / "python"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )
    names = {(each["name"], each["version"]) for each in bill["components"]}
    assert {(each["name"], each["version"]) for each in listed if each["name"] != "floe-cube-infra"} <= names


def test_pip_audit_takes_what_it_is_given(capfd: pytest.CaptureFixture[str]) -> None:
    """A dry run: which vulnerabilities are known only PyPI can say."""
    assert audit(Clone.here(), ["--dry-run"]) == 0
    assert "would have audited" in capfd.readouterr().out
