"""How long is looked."""

from __future__ import annotations

from collections.abc import Sequence

from floe_cube_infra.landing.checks import Outcome
from floe_cube_infra.landing.waiting import Landing, land

PASSED = Outcome(name="model", state="passed")
FAILED = Outcome(name="model", state="failed", detail="0123456789 answers")
REFUSED = Outcome(name="model", state="failed", detail="the token is refused", is_final=True)


class Clock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def landed(outcomes: Sequence[Outcome], timeout: float) -> tuple[Landing, list[str]]:
    """What comes of these looks; the last one stays."""
    left, lines, clock = list(outcomes), list[str](), Clock()

    def look() -> list[Outcome]:
        return [left.pop(0) if len(left) > 1 else left[0]]

    return land(look, timeout, lines.append, (lambda: clock.now, clock.sleep)), lines


def test_it_is_looked_again_until_nothing_fails() -> None:
    found, lines = landed([FAILED, FAILED, PASSED], 60)
    assert found.has_landed
    assert lines == [
        "waiting (0 of 60 s): model: 0123456789 answers",
        "waiting (1 of 60 s): model: 0123456789 answers",
    ]


def test_the_time_is_over_at_some_time() -> None:
    found, lines = landed([FAILED], 60)
    assert not found.has_landed
    assert 40 < found.seconds <= 60
    assert len(lines) < 15


def test_what_waiting_cant_help_ends_it() -> None:
    found, lines = landed([REFUSED, PASSED], 60)
    assert (found.has_landed, lines) == (False, [])


def test_without_time_it_is_looked_once() -> None:
    found, lines = landed([FAILED, PASSED], 0)
    assert (found.has_landed, lines) == (False, [])
