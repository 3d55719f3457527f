"""Rolling windows that Cube takes; one that it doesn't makes it refuse the whole model.

Source: CubeValidator of `@cubejs-backend/schema-compiler` 1.7.43.
"""

from __future__ import annotations

import re
from typing import Final

from floe_cube_infra.model.members import RollingWindow

_INTERVAL: Final = re.compile(r"-?[0-9]+ (?:minute|hour|day|week|month|quarter|year)s?|unbounded")


def problem_with_window(window: RollingWindow | None) -> str | None:
    """What is wrong with a rolling window, if anything."""
    if window is None:
        return None
    fixed = {"trailing": window.trailing, "leading": window.leading, "offset": window.offset}
    if window.type == "to_date":
        unfit = [name for name, value in fixed.items() if value is not None]
        if unfit:
            return f"has a rolling_window of type to_date with {', '.join(unfit)}, which only fixed ones have"
        return None if window.granularity else "has a rolling_window of type to_date without a granularity"
    if window.granularity is not None:
        return "has a rolling_window with a granularity, which only those of type to_date have"
    for name in ("trailing", "leading"):
        value = fixed[name]
        if value is not None and not _INTERVAL.fullmatch(value):
            return (
                f"has a rolling_window with {name} {value!r}, which Cube does not take; allowed are unbounded, and a "
                "number with minute, hour, day, week, month, quarter or year: 7 day"
            )
    return None
