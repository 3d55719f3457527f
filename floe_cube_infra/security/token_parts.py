"""A signed token (JWS compact serialization, RFC 7515, 7.1) taken apart; nothing in it is trusted yet."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import Final

from floe_cube_infra.security.errors import TokenError
from floe_cube_infra.security.strict_json import NotStrictJsonError, parse_strict_json

_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, kw_only=True)
class TokenParts:
    """The parts.

    Attributes:
        algorithm: What the header says that signed it.
        key_id: Which key, by the header; None where it names none.
        claims: The payload.
        signed: The bytes under the signature.
        signature: The signature.
    """

    algorithm: str
    key_id: str | None
    claims: dict[str, object]
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def token_parts(token: str, max_bytes: int) -> TokenParts:
    """Takes a token apart.

    Raises:
        TokenError: 401: it isn't a signed token, or is longer than `max_bytes`.
    """
    if not isinstance(token, str):
        raise TokenError(401, "it is not a text")
    if len(token) > max_bytes:
        raise TokenError(401, f"it is {len(token)} characters long; allowed are {max_bytes} (jwt.maxBytes)")
    parts = token.split(".")
    if len(parts) != 3 or "" in parts:
        raise TokenError(401, "it is not three parts between dots: header, payload and signature (RFC 7515, 7.1)")
    header = _object("header", parts[0])
    algorithm = header.get("alg")
    if not isinstance(algorithm, str):
        raise TokenError(401, "its header names no algorithm (alg)")
    if "crit" in header:
        raise TokenError(401, "its header demands extensions (crit), and none is known here (RFC 7515, 4.1.11)")
    key_id = header.get("kid")
    if key_id is not None and not isinstance(key_id, str):
        raise TokenError(401, "its key id (kid) is not a text")
    return TokenParts(
        algorithm=algorithm,
        key_id=key_id,
        claims=_object("payload", parts[1]),
        signed=f"{parts[0]}.{parts[1]}".encode("ascii"),
        signature=_bytes("signature", parts[2]),
    )


def _bytes(name: str, part: str) -> bytes:
    # Written canonically, so that one signature belongs to one text.
    if _ALPHABET.fullmatch(part) and len(part) % 4 != 1:
        value = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        if base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii") == part:
            return value
    raise TokenError(401, f"its {name} is not base64url without padding (RFC 7515, 2)")


def _object(name: str, part: str) -> dict[str, object]:
    try:
        # A byte order mark is skipped, as TextDecoder does.
        value = parse_strict_json(_bytes(name, part).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise TokenError(401, f"its {name} is not UTF-8 text") from None
    except NotStrictJsonError as error:
        raise TokenError(401, f"its {name} can't be read: {error}") from None
    if not isinstance(value, dict):
        raise TokenError(401, f"its {name} is not a JSON object")
    return value
