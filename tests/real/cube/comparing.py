"""Rows of different sources in one form, to be compared as bags."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|\+00(?::?00)?)?")
_DIGITS = 10

Bag = list[tuple[Any, ...]]


def bag(rows: Iterable[Mapping[str, Any]], members: Iterable[str]) -> Bag:
    """The rows' values of some members, without an order."""
    names = sorted(members)
    return sorted((tuple(_plain(row[name]) for name in names) for row in rows), key=repr)


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)
    text = str(value)
    if time := _TIME.fullmatch(text):
        return f"{time[1]}T{time[2]}.{(time[3] or '').ljust(3, '0')[:3]}"
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return text if not number.is_finite() else f"{number:.{_DIGITS}e}"
