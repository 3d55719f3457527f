"""Derived: times against the clock and its tolerance, issuers and audiences, and which of several defects counts."""

from __future__ import annotations

import itertools
import json
import math
from typing import Any

from tests.security.table.case import (
    EXP,
    EXPIRED,
    NO_CLAIM,
    NO_ROLES,
    NO_USER,
    NOT_VALID,
    NOT_YET_VALID,
    NOW,
    Case,
    Expected,
    Table,
    claims,
    refused,
    rules,
    signed,
    taken,
)

ISSUER, AUDIENCE = "https://id.example.com", "cube"
TOLERANCES = (0, 1, 10, 300)
DISTANCES = (-301, -300, -299.5, -11, -10, -9.5, -1, -0.5, 0, 0.5, 1, 10, 10.5, 11, 299.5, 300, 301)
INVALID = refused(401, NOT_VALID)


def table() -> Table:
    """The cases."""
    found = Table({"plain": rules()})
    for seconds in TOLERANCES:
        found.rules[f"tolerance {seconds}"] = rules({"clockToleranceSeconds": seconds})
    found.rules["issuer"] = rules({"issuer": ISSUER})
    found.rules["audience"] = rules({"audience": AUDIENCE})
    found.rules["both"] = rules({"issuer": ISSUER, "audience": AUDIENCE})
    found.cases = [*_distances(), *_odd_times(), *_parties(), *_several_defects()]
    return found


def _distances() -> list[Case]:
    found = []
    for tolerance, distance in itertools.product(TOLERANCES, DISTANCES):
        at = NOW / 1000 + distance
        # RFC 7519: a token is over at exp, and begins at nbf, either moved by the tolerance.
        over, early = distance + tolerance <= 0, distance > tolerance
        ends = refused(401, EXPIRED) if over else taken(exp=at)
        begins = refused(401, NOT_YET_VALID) if early else taken(exp=NOW // 1000 + 9999)
        rule = f"tolerance {tolerance}"
        name = f"{distance} s from now, {tolerance} s of tolerance"
        found.append(Case(name=f"exp {name}", token=signed(claims(exp=at)), expected=ends, rules=rule))
        found.append(
            Case(name=f"nbf {name}", token=signed(claims(exp=NOW // 1000 + 9999, nbf=at)), expected=begins, rules=rule)
        )
    return found


def _odd_times() -> list[Case]:
    """Texts of JSON for exp and nbf: what isn't a finite number is no time."""
    found = []
    for text in (
        '"1900000000"',
        "null",
        "true",
        "[1900000000]",
        "{}",
        "1e999",
        "-1e999",
        '""',
        "0",
        "-1",
        "1e300",
        "19e8",
    ):
        value = json.loads(text)
        is_time = type(value) in (int, float) and math.isfinite(value)
        exp = INVALID if not is_time else taken(exp=value) if value > NOW / 1000 else refused(401, EXPIRED)
        nbf = INVALID if not is_time else refused(401, NOT_YET_VALID) if value > NOW / 1000 else taken()
        for name, expected in (("exp", exp), ("nbf", nbf)):
            payload = json.dumps(claims(**{name: "?"})).replace('"?"', text)
            found.append(Case(name=f"{name} of {text}", token=signed(payload), expected=expected))
    found.append(Case(name="no exp", token=signed(claims(exp=...)), expected=INVALID))
    millisecond = signed(claims(exp=NOW // 1000))
    found.append(Case(name="a millisecond before exp", token=millisecond, now=NOW - 1, expected=taken(exp=NOW // 1000)))
    return found


def _parties() -> list[Case]:
    issuers: list[Any] = [..., None, ISSUER, f"{ISSUER}/", ISSUER.upper(), "", [ISSUER], 7, True, {"0": ISSUER}]
    audiences: list[Any] = [
        ..., None, AUDIENCE, "billing", "Cube", "", [], [AUDIENCE], ["billing"], ["billing", AUDIENCE],
        [AUDIENCE, AUDIENCE], [AUDIENCE, 1], [AUDIENCE, None], [[AUDIENCE]], {"0": AUDIENCE}, 7, True,
    ]  # fmt: skip
    found = []
    for rule, demanded_issuer, demanded_audience in (
        ("plain", None, None),
        ("issuer", ISSUER, None),
        ("audience", None, AUDIENCE),
        ("both", ISSUER, AUDIENCE),
    ):
        pairs = itertools.product((..., ISSUER, "other"), (..., AUDIENCE, "other")) if rule == "both" else ()
        singles = [
            *((iss, demanded_audience or ...) for iss in issuers),
            *((demanded_issuer or ..., aud) for aud in audiences),
        ]
        for number, (iss, aud) in enumerate([*pairs, *singles]):
            good = (demanded_issuer in (None, iss)) and _is_for(aud, demanded_audience)
            found.append(
                Case(
                    name=f"{rule} {number}: iss {_named(iss)}, aud {_named(aud)}",
                    rules=rule,
                    token=signed(claims(iss=iss, aud=aud)),
                    expected=taken() if good else INVALID,
                )
            )
    return found


def _is_for(aud: Any, demanded: str | None) -> bool:
    if demanded is None:
        return aud is ...
    if isinstance(aud, list):
        return demanded in aud and {type(one) for one in aud} == {str}
    return isinstance(aud, str) and aud == demanded


def _named(value: Any) -> str:
    return "none" if value is ... else json.dumps(value)


def _several_defects() -> list[Case]:
    """Every combination of states; the first that is wrong, in the order of the parameters, gives the answer."""
    exps = {"sound": (EXP, None), "over": (NOW // 1000, EXPIRED), "missing": (..., NOT_VALID)}
    nbfs = {"none": (..., None), "later": (NOW // 1000 + 1, NOT_YET_VALID), "no time": ("0", NOT_VALID)}
    auds = {"none": (..., None), "another": ("billing", NOT_VALID)}
    subs = {"sound": ("ada", None), "missing": (..., NO_USER)}
    values = {"sound": ("acme", None), "missing": (..., NO_CLAIM)}
    roles = {"none": (..., None), "a number": (7, NO_ROLES)}
    found = []
    for states in itertools.product(
        exps.items(), nbfs.items(), auds.items(), subs.items(), roles.items(), values.items()
    ):
        exp, nbf, aud, sub, role, value = (given for _, (given, _) in states)
        u = {name: given for name, given in (("organization_id", value), ("roles", role)) if given is not ...}
        answers = [answer for _, (_, answer) in states if answer is not None]
        expected: Expected = taken()
        if answers:
            expected = refused(403 if answers[0] in (NO_CLAIM, NO_ROLES) else 401, answers[0])
        name = ", ".join(
            f"{of} {state}"
            for of, (state, _) in zip(("exp", "nbf", "aud", "sub", "roles", "claim"), states, strict=True)
        )
        token = signed(claims(exp=exp, nbf=nbf, aud=aud, sub=sub, u=u))
        found.append(Case(name=name, token=token, expected=expected))
    return found
