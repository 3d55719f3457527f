"""Values as the engine sends them: protobuf structs <-> Python, with secrets and unknowns kept.

The engine marks special values inside an ordinary struct with a signature key, and an unknown value (one that
only an update will tell) with a fixed string. Source: `sdk/go/common/resource/sig` and `plugin/rpc.go` of
pulumi/pulumi.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from google.protobuf import struct_pb2

from floe_cube_infra.offline.errors import ProviderError

SIGNATURE_KEY: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a public marker of the protocol
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_REFUSED: Final = {
    "c44067f5952c0a294b673a41bacd8c17": "an asset",
    "0def7320c3a5731c473e5ecbe6d01bc7": "an archive",
    "803fd3297a5875dc03ca845dda5d2a98": "a string with bytes that aren't UTF-8",
}
_UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
# The engine has one mark for each type of unknown value; for us they mean the same.
_UNKNOWN_TEXTS: Final = frozenset(
    {
        _UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


class WireError(ProviderError):
    """A value that a provider of this package can't take: an asset, an archive, a foreign signature."""


class Unknown:
    """The type of `UNKNOWN`."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
"""A value that isn't known before the update. Compare with `is`."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must never be shown; its text is left out of `repr`, so that no log can hold it."""

    value: Value = field(repr=False)


Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | Secret | Unknown | None"
Properties: TypeAlias = dict[str, Value]
Plain: TypeAlias = Any
"""A value without `Secret`: what JSON can hold, and `UNKNOWN`."""


def decode(struct: struct_pb2.Struct) -> Properties:
    """Gives the properties that `struct` holds.

    Integral numbers become `int` (protobuf only knows doubles). Output values become their value, their
    secret, or `UNKNOWN`; a reference to a resource becomes its id, or its URN without one.

    Raises:
        WireError: For an asset, an archive or an unknown signature; the message names the property.
    """
    return {key: _decode(value, key) for key, value in struct.fields.items()}


def _decode(value: struct_pb2.Value, path: str) -> Value:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _decode_struct(value.struct_value, path)
    if kind == "list_value":
        return [_decode(item, f"{path}[{index}]") for index, item in enumerate(value.list_value.values)]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if text in _UNKNOWN_TEXTS else text
    return value.bool_value if kind == "bool_value" else None


def _decode_struct(struct: struct_pb2.Struct, path: str) -> Value:
    if SIGNATURE_KEY not in struct.fields:
        return {key: _decode(value, f"{path}.{key}") for key, value in struct.fields.items()}
    signature = struct.fields[SIGNATURE_KEY].string_value
    if signature in _REFUSED:
        raise WireError(f"{path} is {_REFUSED[signature]}, which Kubernetes objects can't hold; give its text instead.")
    inner = {key: _decode(value, path) for key, value in struct.fields.items() if key != SIGNATURE_KEY}
    if signature == _SECRET and "value" in inner:
        return Secret(inner["value"])
    if signature == _OUTPUT:
        known = inner.get("value", UNKNOWN)
        return Secret(known) if inner.get("secret") is True else known
    if signature == _RESOURCE and "urn" in inner:
        # An empty id is how the engine writes an id that isn't known yet.
        return (inner["id"] or UNKNOWN) if "id" in inner else inner["urn"]
    raise WireError(
        f"{path} is marked with the signature {signature!r}, which this provider doesn't know; "
        "use the official plugin, or a plain value."
    )


def encode(properties: Mapping[str, Value]) -> struct_pb2.Struct:
    """Gives the struct that holds `properties`, the inverse of `decode`."""
    struct = struct_pb2.Struct()
    for key, value in properties.items():
        _encode(struct.fields[key], value)
    return struct


def _encode(target: struct_pb2.Value, value: Value) -> None:
    if isinstance(value, Secret):
        _encode(target, {SIGNATURE_KEY: _SECRET, "value": value.value})
    elif isinstance(value, Unknown):
        target.string_value = _UNKNOWN_TEXT
    elif value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, int | float):
        target.number_value = value
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, Mapping):
        target.struct_value.SetInParent()
        for key, item in value.items():
            _encode(target.struct_value.fields[key], item)
    elif isinstance(value, Sequence):
        target.list_value.SetInParent()
        for item in value:
            _encode(target.list_value.values.add(), item)
    else:
        raise WireError(f"A value of type {type(value).__name__} can't be sent to the engine.")


def plain(value: Value) -> Plain:
    """Gives `value` with every secret laid open; unknowns stay `UNKNOWN`."""
    if isinstance(value, Secret):
        return plain(value.value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def without_secrets(value: Value) -> Plain:
    """Gives `value` with every secret put as `UNKNOWN`, for code that could quote what it reads."""
    if isinstance(value, Secret):
        return UNKNOWN
    if isinstance(value, dict):
        return {key: without_secrets(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    return value


def has_secret(value: Value) -> bool:
    """Says whether `value` is or holds a secret."""
    if isinstance(value, dict):
        return any(map(has_secret, value.values()))
    if isinstance(value, list):
        return any(map(has_secret, value))
    return isinstance(value, Secret)


def has_unknown(value: Value) -> bool:
    """Says whether `value` is or holds a value that isn't known yet."""
    if isinstance(value, Secret):
        return has_unknown(value.value)
    if isinstance(value, dict):
        return any(map(has_unknown, value.values()))
    if isinstance(value, list):
        return any(map(has_unknown, value))
    return value is UNKNOWN


def keep_secret(value: Value, like: Value) -> Value:
    """Gives `value` with the same parts secret as in `like`.

    A list of another length that held a secret becomes secret as a whole: its items may have moved, and a
    moved secret mustn't lie open.
    """
    if isinstance(value, Secret):
        return value
    if isinstance(value, dict) and isinstance(like, dict):
        return {key: keep_secret(item, like.get(key)) for key, item in value.items()}
    if isinstance(value, list) and isinstance(like, list) and len(value) == len(like):
        return [keep_secret(item, other) for item, other in zip(value, like, strict=True)]
    return Secret(value) if has_secret(like) else value
