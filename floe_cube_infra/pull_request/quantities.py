"""Kubernetes' quantities as numbers, and as people read them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_QUANTITY: Final = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,18})?)(n|u|m|k|[MGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,2})?")
_FACTORS: Final = {
    **{"n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"), "k": Decimal(1000)},
    **{letter: Decimal(1000) ** power for power, letter in enumerate("MGTPE", start=2)},
    **{f"{letter}i": Decimal(1024) ** power for power, letter in enumerate("KMGTPE", start=1)},
}
_GIBI: Final = Decimal(1024) ** 3
_MEBI: Final = Decimal(1024) ** 2


def quantity(value: object) -> Decimal | None:
    """A quantity as a number: cores or bytes. None for what is none, or isn't known before the update.

    Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    found = _QUANTITY.fullmatch(str(value))
    if found is None:
        return None
    number, unit = Decimal(found[1]), found[2]
    if unit is None:
        return number
    return number * _FACTORS[unit] if unit in _FACTORS else number * Decimal(10) ** int(unit[1:])


def cores(number: Decimal) -> str:
    """CPU: `2.5`."""
    return f"{number.quantize(Decimal('0.001')).normalize():f}"


def size(number: Decimal) -> str:
    """Bytes: `1.5Gi`, `256Mi`."""
    unit, name = (_GIBI, "Gi") if number >= _GIBI else (_MEBI, "Mi")
    return f"{(number / unit).quantize(Decimal('0.01')).normalize():f}{name}"
