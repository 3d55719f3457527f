"""Keys and signed tokens for the table, the same at every run. None of the keys is used anywhere else.

Signed here by hand, with neither of the implementations that the table is for.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from functools import cache
from math import gcd, lcm
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Key = PrivateKey | str | bytes

CURVES: dict[str, ec.EllipticCurve] = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
_HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
_EXPONENT = 65537
_SMALL_PRIMES = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]


def sample_secret(name: str, size: int = 64) -> str:
    """A text that is long enough for each HS algorithm, and plainly no secret."""
    return f"not-a-secret-{name}-".ljust(size, "0")[:size]


@cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """An RSA key; an odd size gives a modulus that is one bit short."""
    p, q = _prime(f"{name} p", (bits + 1) // 2), _prime(f"{name} q", bits // 2)
    d = pow(_EXPONENT, -1, lcm(p - 1, q - 1))
    public = rsa.RSAPublicNumbers(_EXPONENT, p * q)
    assert public.n.bit_length() == bits
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public).private_key()


@cache
def ec_key(name: str, algorithm: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(_bytes_of(name, 32), "big"), CURVES[algorithm])


def jwk_of(key: PrivateKey, **fields: Any) -> dict[str, Any]:
    """The public key as a JWK; a field of None is left out."""
    numbers = key.public_key().public_numbers()
    if isinstance(numbers, rsa.RSAPublicNumbers):
        size = (numbers.n.bit_length() + 7) // 8
        own = {"kty": "RSA", "n": base64url(numbers.n.to_bytes(size, "big")), "e": base64url(b"\x01\x00\x01")}
    else:
        size = (numbers.curve.key_size + 7) // 8
        curve = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}[numbers.curve.name]
        x, y = (base64url(number.to_bytes(size, "big")) for number in (numbers.x, numbers.y))
        own = {"kty": "EC", "crv": curve, "x": x, "y": y}
    return {name: value for name, value in {**own, "use": "sig", **fields}.items() if value is not None}


def pem_of(key: PrivateKey) -> str:
    """The public key as text, as attackers have it."""
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(encoding, form).decode()


def token_of(header: object, payload: object, key: Key, algorithm: str) -> str:
    """Signs whatever it is given, sound or not; texts and bytes are taken as they are."""
    signed = f"{part(header)}.{part(payload)}"
    return f"{signed}.{base64url(signature(algorithm, key, signed.encode()))}"


def part(value: object) -> str:
    if isinstance(value, bytes):
        return base64url(value)
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return base64url(text.encode())


def base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def signature(algorithm: str, key: Key, signed: bytes) -> bytes:
    digest = _HASHES[algorithm[2:]]
    if isinstance(key, (str, bytes)):
        secret = key.encode() if isinstance(key, str) else key
        return hmac.new(secret, signed, f"sha{algorithm[2:]}").digest()
    if isinstance(key, rsa.RSAPrivateKey):
        # A PSS signature without salt is the same each time.
        scheme = padding.PSS(padding.MGF1(digest), 0) if algorithm.startswith("PS") else padding.PKCS1v15()
        return key.sign(signed, scheme, digest)
    r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(digest, deterministic_signing=True)))
    size = (key.curve.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def _bytes_of(name: str, size: int) -> bytes:
    return hashlib.shake_256(f"floe-cube test key {name}".encode()).digest(size)


def _prime(name: str, bits: int) -> int:
    number = int.from_bytes(_bytes_of(name, (bits + 7) // 8), "big") >> (-bits % 8)
    number |= (0b11 << (bits - 2)) | 1
    while gcd(number - 1, _EXPONENT) != 1 or not _is_prime(number):
        number += 2
    return number


def _is_prime(number: int) -> bool:
    """Miller and Rabin's test; against these numbers, which nobody chose, few bases suffice."""
    if any(number % prime == 0 for prime in _SMALL_PRIMES):
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in (2, 3, 5, 7, 11, 13, 17, 19):
        power = pow(base, odd, number)
        if power not in (1, number - 1) and all(
            (power := pow(power, 2, number)) != number - 1 for _ in range(twos - 1)
        ):
            return False
    return True
