"""W3C Trace Context: whose child a query is, and whether it is traced.

Source: https://www.w3.org/TR/trace-context/
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Final

_TRACEPARENT: Final = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_TRACESTATE: Final = re.compile(r"[\x20-\x7e]{1,512}")
_NO_TRACE: Final = "0" * 32
_NO_SPAN: Final = "0" * 16
_RATIO_RANGE: Final = 1 << 64


@dataclass(frozen=True, kw_only=True, slots=True)
class TraceContext:
    """Where a query's root span belongs.

    Attributes:
        trace_id: 32 hexadecimal digits.
        span_id: 16 hexadecimal digits, of the query's own root span.
        parent_span_id: The caller's span; None without one.
        trace_state: The caller's, handed on.
        sampled: Whether spans are exported.
    """

    trace_id: str
    span_id: str
    parent_span_id: str | None = None
    trace_state: str | None = None
    sampled: bool = True


def trace_context(traceparent: str | None, tracestate: str | None, ratio: float) -> TraceContext:
    """The context of a query.

    A caller's decision whether to trace is honoured. Without a caller the lower 64 bits of the trace's id decide, as
    OpenTelemetry's TraceIdRatioBased sampler has it.

    Args:
        traceparent: As it came; what is malformed counts as missing, as the specification demands.
        tracestate: As it came.
        ratio: The share of queries without a caller that is traced, 0 to 1.
    """
    found = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    # Version 00 has no further fields.
    if found and found[1] != _NO_TRACE and found[2] != _NO_SPAN and not (found[0].startswith("00") and found[4]):
        state = tracestate if tracestate and _TRACESTATE.fullmatch(tracestate) else None
        return TraceContext(
            trace_id=found[1],
            span_id=new_span_id(),
            parent_span_id=found[2],
            trace_state=state,
            sampled=bool(int(found[3], 16) & 1),
        )
    trace_id = os.urandom(16).hex()
    return TraceContext(trace_id=trace_id, span_id=new_span_id(), sampled=int(trace_id[16:], 16) < ratio * _RATIO_RANGE)


def new_span_id() -> str:
    """A span's id: 16 hexadecimal digits."""
    return os.urandom(8).hex()
