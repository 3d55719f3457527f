import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.errors import SetupError
from tools.process import run, stream
from tools.progress import Progress, show_duration

ROOT = Path(__file__).resolve().parents[2]


def test_a_program_that_ends_well_gives_its_two_streams_apart() -> None:
    result = run(["sh", "-c", "echo out; echo err >&2"])
    assert (result.ok, result.output, result.errors) == (True, "out\n", "err\n")


def test_a_program_that_does_not_exist_is_told_by_name() -> None:
    with pytest.raises(SetupError, match="`no-such-program --x` can't be started"):
        run(["no-such-program", "--x"])
    with pytest.raises(SetupError, match="`no-such-program` can't be started"):
        stream(["no-such-program"], print)


def test_a_program_that_hangs_is_stopped_at_the_limit() -> None:
    with pytest.raises(SetupError, match=r"did not end within 0\.1 s"):
        run(["sleep", "5"], timeout=0.1)


def test_lines_of_both_streams_are_handed_on_in_their_order_and_the_last_are_kept() -> None:
    lines: list[str] = []
    result = stream(["sh", "-c", "echo one; echo two >&2; echo three; exit 3"], lines.append)
    assert lines == ["one", "two", "three"]
    assert result.code == 3
    assert result.last_lines(2) == "    two\n    three"


def test_only_the_end_of_a_long_output_is_kept() -> None:
    result = stream(["sh", "-c", "seq 1 1000"], lambda line: None)
    assert result.output.splitlines()[0] == "941"


def test_an_interrupt_lets_the_program_end_by_itself_and_shows_what_it_says() -> None:
    script = (
        "from tools.process import stream\n"
        "stream(['sh', '-c', \"trap 'echo cleaned up; exit 1' INT; echo ready; while :; do sleep 0.05; done\"],"
        " lambda line: print(line, flush=True))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as child:
        assert child.stdout
        assert child.stdout.readline() == b"ready\n"
        # As a terminal does: to the whole group.
        os.killpg(child.pid, signal.SIGINT)
        output, errors = child.communicate(timeout=10)
    assert output == b"cleaned up\n"
    assert b"KeyboardInterrupt" in errors


@pytest.mark.parametrize(("seconds", "text"), [(0.84, "0.8s"), (12.3, "12s"), (185, "3m05s"), (59.9, "1m00s")])
def test_durations_are_short(seconds: float, text: str) -> None:
    assert show_duration(seconds) == text


def test_a_log_gets_a_line_of_progress_with_its_detail_now_and_then() -> None:
    log = io.StringIO()
    with Progress("building", stream=log, every=0.05) as progress:
        progress.update("7 packages compiled")
        time.sleep(0.2)
    lines = log.getvalue().splitlines()
    assert lines[-1].startswith("building: 0.")
    assert lines[-1].endswith("s, 7 packages compiled")


def test_what_is_done_at_once_says_nothing() -> None:
    log = io.StringIO()
    with Progress("building", stream=log):
        pass
    assert log.getvalue() == ""
