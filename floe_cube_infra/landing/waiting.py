"""Looks again until a stack has landed, until waiting can't help, or until the time is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from floe_cube_infra.landing.checks import Outcome

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class Landing:
    """What came of it.

    Attributes:
        outcomes: Of the last look.
        seconds: How long it took.
    """

    outcomes: tuple[Outcome, ...]
    seconds: float

    @property
    def has_landed(self) -> bool:
        """Whether nothing fails."""
        return not any(each.state == "failed" for each in self.outcomes)


def land(
    look: Callable[[], Sequence[Outcome]],
    timeout: float,
    say: Callable[[str], None],
    clock: tuple[Callable[[], float], Callable[[float], None]] = (time.monotonic, time.sleep),
) -> Landing:
    """Looks at least once.

    Args:
        look: Looks once.
        timeout: For how many seconds to look again.
        say: Is given a line for each wait.
        clock: Seconds that only rise, and what waits for some; tests give their own.
    """
    now, sleep = clock
    start, pause = now(), _FIRST_PAUSE
    while True:
        outcomes = tuple(look())
        failed = [each for each in outcomes if each.state == "failed"]
        passed = now() - start
        if not failed or any(each.is_final for each in failed) or passed + pause > timeout:
            return Landing(outcomes=outcomes, seconds=passed)
        reasons = "; ".join(f"{each.name}: {each.detail}" for each in failed)
        say(f"waiting ({passed:.0f} of {timeout:.0f} s): {reasons}")
        sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
