"""Public keys (JWK, RFC 7517): a key fits an algorithm or it doesn't; there is no guessing."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    SECP521R1,
    EllipticCurve,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

SMALLEST_RSA_BITS: Final = 2048  # RFC 7518, 3.3
_CURVES: Final[dict[str, tuple[str, EllipticCurve]]] = {
    "ES256": ("P-256", SECP256R1()),
    "ES384": ("P-384", SECP384R1()),
    "ES512": ("P-521", SECP521R1()),
}


def public_key_for(algorithm: str, jwk: Mapping[str, Any]) -> RSAPublicKey | EllipticCurvePublicKey | None:
    """The public key in a JWK if it may verify `algorithm`, else None.

    Args:
        algorithm: RS256 to RS512, ES256 to ES512.
        jwk: Only its public parts are read, whatever else stands there.
    """
    if not _is_for_verifying(algorithm, jwk):
        return None
    try:
        if algorithm.startswith("RS") and jwk.get("kty") == "RSA":
            rsa = RSAPublicNumbers(_number(jwk.get("e")), _number(jwk.get("n"))).public_key()
            return rsa if rsa.key_size >= SMALLEST_RSA_BITS else None
        if algorithm in _CURVES and jwk.get("kty") == "EC":
            name, curve = _CURVES[algorithm]
            if jwk.get("crv") == name:
                return EllipticCurvePublicNumbers(_number(jwk.get("x")), _number(jwk.get("y")), curve).public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # Not a key that can be read.
        return None
    return None


def _is_for_verifying(algorithm: str, jwk: Mapping[str, Any]) -> bool:
    operations = jwk.get("key_ops", ["verify"])
    return (
        jwk.get("use", "sig") == "sig"
        and isinstance(operations, list)
        and "verify" in operations
        and jwk.get("alg", algorithm) == algorithm
    )


def _number(text: object) -> int:
    """An unsigned number (RFC 7518, 2), as leniently read as Node does: padding and either base64 alphabet will do."""
    if not isinstance(text, str):
        raise TypeError("not a text")
    digits = re.sub(r"[^A-Za-z0-9+/]", "", text.partition("=")[0].replace("-", "+").replace("_", "/"))
    whole = digits[: -1 if len(digits) % 4 == 1 else None]
    return int.from_bytes(base64.b64decode(whole + "=" * (-len(whole) % 4)), "big")
