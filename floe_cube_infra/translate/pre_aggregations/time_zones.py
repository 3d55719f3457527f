"""IANA time zones by name."""

from __future__ import annotations

import difflib
import functools
import zoneinfo

# Entries of the database that are no zones: moment-timezone, which Cube reads them with, doesn't know them either.
_NO_ZONES = frozenset({"localtime", "Factory", "posixrules"})


def check_time_zone(name: str) -> str | None:
    """What is wrong with the name of a time zone; None if it is one of the IANA database."""
    zones = _zones()
    if name in zones:
        return None
    by_lower_case = {zone.lower(): zone for zone in zones}
    similar = difflib.get_close_matches(name.lower(), by_lower_case, n=1)
    meant = f"; did you mean {by_lower_case[similar[0]]}?" if similar else ""
    return f"`{name[:80]}` is no time zone; allowed are IANA names such as UTC or Europe/Amsterdam{meant}"


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - _NO_ZONES)
