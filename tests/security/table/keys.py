"""Derived: each algorithm with each kind of key and each state of the claims; by hand: which key of a set fits."""

from __future__ import annotations

import base64
import itertools
import json
from typing import Any

from tests.security.table.case import (
    EXPIRED,
    NO_CLAIM,
    NO_USER,
    NOT_VALID,
    NOT_YET_VALID,
    NOW,
    SECRET,
    Case,
    Expected,
    Table,
    claims,
    refused,
    rules,
    taken,
)
from tests.security.table.signing import (
    CURVES,
    Key,
    PrivateKey,
    base64url,
    ec_key,
    jwk_of,
    pem_of,
    rsa_key,
    sample_secret,
    token_of,
)

HS, RS, ES = (tuple(f"{family}{size}" for size in (256, 384, 512)) for family in ("HS", "RS", "ES"))
ALGORITHMS = (*HS, *RS, *ES)
ROTATED = sample_secret("rotated")
INVALID = refused(401, NOT_VALID)

CLAIM_STATES: dict[str, tuple[dict[str, Any], Expected]] = {
    "sound": (claims(), taken()),
    "a list": (claims(u={"organization_id": ["a", 2], "roles": "r"}), taken(["a", "2"], roles=["r"])),
    "no user": (claims(sub=...), refused(401, NO_USER)),
    "no claim": (claims(u={}), refused(403, NO_CLAIM)),
    "over": (claims(exp=NOW // 1000), refused(401, EXPIRED)),
    "endless": (claims(exp=...), INVALID),
    "early": (claims(nbf=NOW // 1000 + 1), refused(401, NOT_YET_VALID)),
    "for another": (claims(aud="billing"), INVALID),
}


def private_key(algorithm: str, name: str) -> PrivateKey:
    return rsa_key(name) if algorithm in RS else ec_key(name, algorithm)


def table() -> Table:
    """The cases."""
    found = Table()
    for algorithm in HS:
        secrets = f"{SECRET},{ROTATED}"
        found.rules[algorithm] = rules({"algorithms": [algorithm]}, environment={"CUBEJS_API_SECRETS": secrets})
    for algorithm in (*RS, *ES):
        keys = [jwk_of(private_key(algorithm, name), kid=name) for name in ("one", "rotated")]
        found.rules[algorithm] = rules({"algorithms": [algorithm]}, keys=keys)
    found.cases = [*_every_key(), *_every_header()]
    _add_fitness(found)
    return found


def _every_key() -> list[Case]:
    found = []
    for algorithm in ALGORITHMS:
        for name, (header, key, signed_as, good) in _signers(algorithm).items():
            # A key that is refused is refused whatever the claims say; two states show it.
            states = CLAIM_STATES if good else {state: CLAIM_STATES[state] for state in ("sound", "no claim")}
            for state, (payload, expected) in states.items():
                token = token_of(header, payload, key, signed_as)
                case = Case(
                    name=f"{algorithm} by {name}, claims {state}",
                    rules=algorithm,
                    token=token,
                    expected=expected if good else INVALID,
                )
                found.append(case)
    return found


def _signers(algorithm: str) -> dict[str, tuple[dict[str, Any], Key, str, bool]]:
    """Name -> header, key, how it signs, and whether that is a signature of the stack."""
    if algorithm in HS:
        header = {"alg": algorithm}
        return {
            "the secret": (header, SECRET, algorithm, True),
            "the rotated secret": ({**header, "kid": "any"}, ROTATED, algorithm, True),
            "another secret": (header, sample_secret("other"), algorithm, False),
            "an empty secret": (header, "", algorithm, False),
        }
    own, rotated, other = (private_key(algorithm, name) for name in ("one", "rotated", "other"))
    header = {"alg": algorithm, "kid": "one"}
    hash_size = algorithm[2:]
    return {
        "its key": (header, own, algorithm, True),
        "the rotated key": ({**header, "kid": "rotated"}, rotated, algorithm, True),
        "another key": (header, other, algorithm, False),
        "the rotated key under the other's id": (header, rotated, algorithm, False),
        "its key under an unknown id": ({**header, "kid": "two"}, own, algorithm, False),
        "its key under an id in other letters": ({**header, "kid": "One"}, own, algorithm, False),
        "its key without an id": ({"alg": algorithm}, own, algorithm, False),
        "its key with an id of null": ({**header, "kid": None}, own, algorithm, False),
        "its key as its own jwk": ({**header, "kid": "own", "jwk": jwk_of(own)}, own, algorithm, False),
        "the public key as secret": ({**header, "alg": f"HS{hash_size}"}, pem_of(own), f"HS{hash_size}", False),
        "the public key as secret, unsaid": (header, pem_of(own), f"HS{hash_size}", False),
        "the JWK as secret": ({**header, "alg": "HS256"}, json.dumps(jwk_of(own, kid="one")), "HS256", False),
        "an empty secret": ({**header, "alg": "HS256"}, "", "HS256", False),
    }


def _every_header() -> list[Case]:
    """Every algorithm that a header may name before every stack: only the stack's own counts."""
    found = []
    for stack, said in itertools.product(ALGORITHMS, (*ALGORITHMS, "PS256", "none", "ES256K", "EdDSA")):
        if said == stack:
            continue
        if said in ALGORITHMS or said == "PS256":
            key: Key = SECRET if said in HS else rsa_key("one") if said == "PS256" else private_key(said, "one")
            token = token_of({"alg": said, "kid": "one"}, claims(), key, said)
        else:
            signer = SECRET if stack in HS else private_key(stack, "one")
            token = token_of({"alg": said, "kid": "one"}, claims(), signer, stack)
        found.append(Case(name=f"{said} where {stack} is the stack's", rules=stack, token=token, expected=INVALID))
    return found


def _add_fitness(found: Table) -> None:
    """Key sets by hand: whether the key `one` may verify RS256, or ES256."""
    one, other, curve = rsa_key("one"), rsa_key("other"), ec_key("one", "ES256")
    plain = jwk_of(one, kid="one")
    private = {**plain, "d": base64url(b"private"), "p": base64url(b"private")}
    rsa_sets: dict[str, tuple[list[Any], bool]] = {
        "without a use": ([jwk_of(one, kid="one", use=None)], True),
        "for signatures": ([plain], True),
        "for encryption": ([{**plain, "use": "enc"}], False),
        "with a use of null": ([{**plain, "use": None}], False),
        "that may verify": ([{**plain, "key_ops": ["verify"]}], True),
        "that may sign and verify": ([{**plain, "key_ops": ["sign", "verify"]}], True),
        "that may only sign": ([{**plain, "key_ops": ["sign"]}], False),
        "that may do nothing": ([{**plain, "key_ops": []}], False),
        "whose operations are a text": ([{**plain, "key_ops": "verify"}], False),
        "of the algorithm": ([{**plain, "alg": "RS256"}], True),
        "of another hash": ([{**plain, "alg": "RS512"}], False),
        "of another padding": ([{**plain, "alg": "PS256"}], False),
        "of an algorithm of null": ([{**plain, "alg": None}], False),
        "with unknown fields": ([{**plain, "x5t": "AAAA", "exp": 1}], True),
        "with private fields": ([private], True),
        "of type EC with the numbers of RSA": ([{**plain, "kty": "EC"}], False),
        "of a type in lower case": ([{**plain, "kty": "rsa"}], False),
        "of no type": ([{name: value for name, value in plain.items() if name != "kty"}], False),
        "without a modulus": ([{name: value for name, value in plain.items() if name != "n"}], False),
        "without an exponent": ([{name: value for name, value in plain.items() if name != "e"}], False),
        "whose modulus is a number": ([{**plain, "n": 7}], False),
        "whose modulus is empty": ([{**plain, "n": ""}], False),
        "whose modulus is no base64": ([{**plain, "n": "!"}], False),
        "whose modulus is padded": ([{**plain, "n": f"{plain['n']}=="}], True),
        "whose exponent goes on after its padding": ([{**plain, "e": f"{plain['e']}==AA"}], True),
        "whose modulus has a leading zero": ([{**plain, "n": _with_zero(plain["n"])}], True),
        "that is a shared secret": ([{"kty": "oct", "k": "c2VjcmV0", "kid": "one"}], False),
        "that is a curve": ([jwk_of(curve, kid="one")], False),
        "after one that is unfit": ([{**plain, "use": "enc"}, plain], True),
        "after another of the same id": ([jwk_of(other, kid="one"), plain], True),
        "before another of the same id": ([plain, jwk_of(other, kid="one")], True),
        "among things that are no keys": ([None, "one", 7, [], [plain], {}, plain], True),
        "without an id": ([jwk_of(one)], False),
        "with an id that is a number": ([jwk_of(one, kid=1)], False),
        "in an empty set": ([], False),
    }
    _add(found, "RS256", one, rsa_sets)
    nameless = "RS256, a key without an id for a token without one"
    for number, keys in enumerate(([jwk_of(one)], [{**plain, "kid": None}])):
        found.rules[f"{nameless}, {number}"] = rules({"algorithms": ["RS256"]}, keys=keys)
        for header in ({"alg": "RS256"}, {"alg": "RS256", "kid": None}):
            name = f"{nameless}, {number}, {json.dumps(header)}"
            token = token_of(header, claims(), one, "RS256")
            found.cases.append(Case(name=name, rules=f"{nameless}, {number}", token=token, expected=INVALID))
    for bits, good in ((2048, True), (2047, False), (1024, False)):
        small = rsa_key(f"of {bits} bits", bits)
        _add(found, "RS256", small, {f"of {bits} bits": ([jwk_of(small, kid="one")], good)})
    point = jwk_of(curve, kid="one")
    short = _with_short_x()
    _add(found, "ES256", short, {"whose x lacks its leading zero": ([_without_zero(jwk_of(short, kid="one"))], True)})
    _add(
        found,
        "ES256",
        curve,
        {
            "on its curve": ([point], True),
            "of the algorithm": ([{**point, "alg": "ES256"}], True),
            "of another algorithm": ([{**point, "alg": "ES384"}], False),
            "whose curve is called another": ([{**point, "crv": "P-384"}], False),
            "whose curve is called as in OpenSSL": ([{**point, "crv": "prime256v1"}], False),
            "on another curve": ([jwk_of(ec_key("one", "ES384"), kid="one")], False),
            "off its curve": ([{**point, "x": "AQAB"}], False),
            "at infinity": ([{**point, "x": "AA", "y": "AA"}], False),
            "without y": ([{name: value for name, value in point.items() if name != "y"}], False),
            "of type RSA": ([{**point, "kty": "RSA"}], False),
            "that is RSA": ([plain], False),
        },
    )
    _add_damaged_signatures(found)


def _add(found: Table, algorithm: str, key: PrivateKey, sets: dict[str, tuple[list[Any], bool]]) -> None:
    token = token_of({"alg": algorithm, "kid": "one"}, claims(), key, algorithm)
    for name, (keys, good) in sets.items():
        rule = f"{algorithm}, a key {name}"
        found.rules[rule] = rules({"algorithms": [algorithm]}, keys=keys)
        found.cases.append(Case(name=rule, rules=rule, token=token, expected=taken() if good else INVALID))


def _add_damaged_signatures(found: Table) -> None:
    for algorithm in (*RS, *ES):
        key = private_key(algorithm, "one")
        signed, _, text = token_of({"alg": algorithm, "kid": "one"}, claims(), key, algorithm).rpartition(".")
        size = len(text) * 3 // 4
        # By FIPS 186-5 a signature of ECDSA with a zero in it is none; nor are bytes of another number.
        good = _decoded(text)
        damaged = {
            "zeros for a signature": bytes(size),
            "ones for a signature": b"\xff" * size,
            "a byte for a signature": b"\x00",
            "the last byte missing": good[:-1],
            "a byte too many": good + b"\x00",
            "a byte before": b"\x00" + good,
        }
        for name, value in damaged.items():
            token = f"{signed}.{base64url(value)}"
            found.cases.append(Case(name=f"{algorithm} with {name}", rules=algorithm, token=token, expected=INVALID))


def _with_short_x() -> PrivateKey:
    """A key whose x begins with a zero byte, which some write without it."""
    keys = (ec_key(f"number {number}", "ES256") for number in itertools.count())
    return next(key for key in keys if key.public_key().public_numbers().x.bit_length() <= CURVES["ES256"].key_size - 8)


def _without_zero(jwk: dict[str, Any]) -> dict[str, Any]:
    return {**jwk, "x": base64url(_decoded(jwk["x"])[1:])}


def _with_zero(text: str) -> str:
    return base64url(b"\x00" + _decoded(text))


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
