"""OTLP in its JSON form, written by hand: the SDK takes some twenty times the CPU for a query's spans.

Ids are hexadecimal and 64-bit integers are texts, as the specification demands:
https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

AttributeValue = str | int | float | bool | tuple[str, ...]
"""What attributes of ours can be."""

SCOPE: Final = {"name": "floe.cube.observer"}

encode: Final = msgspec.json.Encoder().encode


def attributes(values: Mapping[str, AttributeValue | None]) -> list[dict[str, object]]:
    """Attributes as OTLP has them; those that are None are left out."""
    return [{"key": key, "value": _value(value)} for key, value in values.items() if value is not None]


def nanoseconds(microseconds: int) -> str:
    """A time as OTLP has it."""
    return f"{microseconds}000"


def trace_request(resource: Mapping[str, AttributeValue | None], spans: Iterable[bytes]) -> bytes:
    """The body of an export of spans.

    Args:
        resource: Resource attributes.
        spans: Spans, encoded; several in one piece are separated by commas.
    """
    return b'{"resourceSpans":[{"resource":%b,"scopeSpans":[{"scope":%b,"spans":[%b]}]}]}' % (
        encode({"attributes": attributes(resource)}),
        encode(SCOPE),
        b",".join(spans),
    )


def metrics_request(resource: Mapping[str, AttributeValue | None], metrics: list[dict[str, object]]) -> bytes:
    """The body of an export of metrics."""
    return encode(
        {
            "resourceMetrics": [
                {
                    "resource": {"attributes": attributes(resource)},
                    "scopeMetrics": [{"scope": SCOPE, "metrics": metrics}],
                }
            ]
        }
    )


def _value(value: AttributeValue) -> dict[str, object]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case str():
            return {"stringValue": value}
        case _:
            return {"arrayValue": {"values": [{"stringValue": item} for item in value]}}
