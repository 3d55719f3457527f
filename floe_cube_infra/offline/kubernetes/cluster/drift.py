"""What was changed in a cluster behind Pulumi's back, as the API server itself would put it.

A server writes `1000m` as `1` and fills in defaults, so that an object never reads back as it was sent. Therefore the
inputs are applied once more as a dry run: where that gives what is there already, nothing was changed.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

from floe_cube_infra.offline.kubernetes.cluster.applying import encoded
from floe_cube_infra.offline.kubernetes.objects import type_of
from floe_cube_infra.offline.wire import Plain

_GONE: Final = object()


def live_inputs(inputs: dict[str, Any], live: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Gives the inputs as they would have to be for the object to be as it is.

    Args:
        inputs: The plain inputs that Pulumi knows.
        live: The object as it is.
        wanted: The object as it would be with the inputs applied once more.
    """
    if type_of(inputs).is_secret:
        inputs, rest = _without_texts(inputs)
        found = _merged(inputs, live, wanted)
        return {**found, **_texts(rest, live)} if rest else found
    merged: dict[str, Any] = _merged(inputs, live, wanted)
    return merged


def _merged(known: Plain, live: Plain, wanted: Plain) -> Plain:
    """Gives `live` where it differs from `wanted`, else what is known; what nobody asked for is left out."""
    if live == wanted:
        return known
    if isinstance(known, dict) and isinstance(live, dict):
        wanted = wanted if isinstance(wanted, dict) else {}
        merged = {key: _field(value, live, wanted, key) for key, value in known.items()}
        return {key: value for key, value in merged.items() if value is not _GONE}
    if isinstance(known, list) and isinstance(live, list) and isinstance(wanted, list):
        return _items(known, live, wanted)
    return live


def _field(known: Plain, live: dict[str, Any], wanted: dict[str, Any], key: str) -> Plain:
    if key not in live:
        # The server drops what is empty or null: only what it would have kept was taken away.
        return _GONE if key in wanted else known
    return _merged(known, live[key], wanted.get(key))


def _items(known: list[Plain], live: list[Plain], wanted: list[Plain]) -> list[Plain]:
    if len(known) != len(wanted):
        return live
    names = {_name(item): index for index, item in enumerate(wanted)}
    if None in names:  # items without a name are the same at the same place, or aren't comparable at all
        paired = zip(known, live, wanted, strict=False)
        return [_merged(*items) for items in paired] if len(known) == len(live) else live
    places = [names.get(_name(item)) for item in live]
    return [
        item if place is None else _merged(known[place], item, wanted[place])
        for item, place in zip(live, places, strict=True)
    ]


def _name(item: Plain) -> Plain:
    return item.get("name") if isinstance(item, dict) else None


def _without_texts(inputs: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    texts = inputs.get("stringData")
    return {key: value for key, value in inputs.items() if key != "stringData"}, texts if isinstance(
        texts, dict
    ) else {}


def _texts(known: dict[str, Any], live: dict[str, Any]) -> dict[str, dict[str, str]]:
    data = live.get("data") or {}
    texts: dict[str, str] = {}
    for key, value in known.items():
        if key in data:
            texts[key] = value if data[key] == encoded(str(value)) else _decoded(data[key])
    return {"stringData": texts}


def _decoded(data: str) -> str:
    try:
        return base64.b64decode(data).decode()
    except (binascii.Error, UnicodeDecodeError):
        return f"base64:{data}"  # bytes that were put in by hand: different from any text, and shown as a secret
