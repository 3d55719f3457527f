"""The installed command as its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).with_name("floe-cube")
NOT_COLOURED = {
    name: value
    for name, value in os.environ.items()
    if name not in {"FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "TTY_COMPATIBLE", "COLUMNS"}
}


def floe_cube(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments], cwd=cwd, env=NOT_COLOURED, capture_output=True, text=True, check=False, timeout=60
    )


def test_generate_runs_without_pulumi_and_speaks_plainly_into_a_pipe(project: Any, tmp_path: Path) -> None:
    project.add_a_warning()

    done = floe_cube("generate", "-a", project.artifacts, "-o", "out", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert (tmp_path / "out" / "cube.js").is_file()
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["warning:", "3", "out:"]
    assert len(lines[0]) > 80


def test_an_error_is_a_sentence_on_standard_error_and_never_a_traceback(tmp_path: Path) -> None:
    missing = "no-such-folder/" * 8 + "compiled_artifacts.json"

    done = floe_cube("check", "-a", missing, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: The compiled artifacts file {tmp_path / missing} does not exist. "
        "The floe compiler writes it; check the path in the stack's settings.\n"
    )


def test_wrong_usage_ends_with_2_and_without_a_traceback(tmp_path: Path) -> None:
    done = floe_cube("check", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert "give --artifacts, or --stack-file" in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr


def test_a_stack_file_named_in_bytes_that_arent_utf_8_is_an_error_in_json(tmp_path: Path) -> None:
    done = floe_cube("check", "-s", os.fsdecode(b"\xff.yaml"), "--format", "json", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (1, "")
    summary = json.loads(done.stdout)["error"]["summary"]
    assert summary.startswith("The stack file \udcff.yaml can't be read: No such file or directory.")


def test_the_command_line_never_loads_pulumi(project: Any) -> None:
    program = (
        "import sys; from floe_cube_infra.cli import main; sys.argv = ['floe-cube', 'check', '-a', sys.argv[1]]\n"
        "try:\n    main()\nfinally:\n    print([name for name in sys.modules if name.split('.')[0] == 'pulumi'])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, project.artifacts], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "[]")
