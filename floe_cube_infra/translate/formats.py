"""Formats that Cube takes; one that it doesn't makes it refuse the whole model.

Source: CubeValidator of `@cubejs-backend/schema-compiler` 1.7.43; numbers as d3-format has them
(https://d3js.org/d3-format), times as strftime.
"""

from __future__ import annotations

import re
from typing import Final, Literal

_ANYWHERE: Final = ("imageUrl", "link", "currency", "percent", "number", "id")
_NAMED_NUMBER: Final = re.compile(r"(?:number|percent|currency|decimal|abbr|accounting)(?:_[0-6])?|id")
_D3: Final = re.compile(r"(?:.?[<>=^])?(?=.)[+\-( ]?[$#]?0?[0-9]*,?(?:\.[0-9]+)?~?(?:[efgrspbodxcnEFGRSPBODXCN%])?")
_TIME: Final = re.compile(r"(?:[^%]|%%)*(?:%[aAbBcdHIjmMnpStUwWxXyYZefgGLqQsuV](?:[^%]|%%)*)+", re.DOTALL)


def problem_with_format(value: str | None, kind: Literal["measure", "number", "time", "other"]) -> str | None:
    """What is wrong with a format, if anything.

    Args:
        value: The format; None is none.
        kind: What is shown so: a measure, or a dimension of type number, time or another.
    """
    if value is None:
        return None
    names = _ANYWHERE if kind != "measure" else ("number", "percent", "currency", "id")
    is_number = kind in ("measure", "number")
    if value in names or (is_number and (_NAMED_NUMBER.fullmatch(value) or _D3.fullmatch(value))):
        return None
    if kind == "time" and _TIME.fullmatch(value):
        return None
    others = {
        "measure": ", with decimals (percent_1), abbr, accounting, or as d3 has it (,.2f)",
        "number": ", with decimals (percent_1), abbr, accounting, or as d3 has it (,.2f)",
        "time": ", or as strftime has it (%Y-%m-%d)",
        "other": "",
    }
    return f"has the format {value!r}, which Cube does not take; allowed are: {', '.join(names)}{others[kind]}"
