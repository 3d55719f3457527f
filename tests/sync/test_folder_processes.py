"""Several processes that write the same folder at once: one whole result."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

from floe_cube_infra.sync.folder import write_folder

RUNS = 20

# Says that it is ready, waits for the start, then writes its own set of files again and again.
WRITER = textwrap.dedent(
    """
    import pathlib, sys
    from floe_cube_infra.sync.folder import write_folder

    folder, name, runs = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    print("ready", flush=True)
    sys.stdin.readline()
    for run in range(runs):
        files = {f"model/{part}.yml": f"{name} {run} {part}" for part in range(8)}
        write_folder(folder, {**files, f"only-{name}.yml": f"{name} {run}"})
    """
)


def test_two_processes_at_once_leave_one_whole_result(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), name, str(RUNS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _, complaints = writer.communicate(timeout=30)
        assert (writer.returncode, complaints) == (0, "")

    (own,) = tmp_path.glob("only-*.yml")
    last = own.read_text()
    assert last.endswith(f" {RUNS - 1}")
    assert {path.name: path.read_text() for path in (tmp_path / "model").iterdir()} == {
        f"{part}.yml": f"{last} {part}" for part in range(8)
    }
    assert write_folder(tmp_path, {}).removed == tuple(sorted([*(f"model/{part}.yml" for part in range(8)), own.name]))
