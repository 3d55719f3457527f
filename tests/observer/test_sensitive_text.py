"""Texts of errors lose what could be a value; the same examples hold for `cube/safe_texts.js` (logging.test.js)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.observer.sensitive_text import LONGEST, without_values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("connect to postgres://cube:hunter2@db.example.com/shop", "connect to postgres://db.example.com/shop"),
        ("Bearer abc.def is wrong", "Bearer [credential] is wrong"),
        ("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig ended", "token [token] ended"),
        ('{"password": "hunter2", "user": 1}', '{"password": [credential], "user": 1}'),
        ("no row for ada@example.com", "no row for [e-mail]"),
        ("WHERE name = 'O''Brien' AND x", "WHERE name = '?' AND x"),
        ("Key (email)=(a b) already exists", "Key (email)=(?) already exists"),
        ('invalid input syntax for type integer: "secret"', 'invalid input syntax for type integer: "?"'),
        ('column "orders.amount" does not exist', 'column "orders.amount" does not exist'),
        ("call +49 170 1234567 or 4111-1111-1111-1111", "call +49 170 ? or ?"),
        ("first line\nat secret (x.py:1)", "first line"),
        ("", ""),
    ],
)
def test_values_are_taken_out_and_names_stay(text: str, expected: str) -> None:
    assert without_values(text) == expected


@given(st.text(max_size=3000))
def test_every_text_becomes_one_short_line(text: str) -> None:
    found = without_values(text)

    assert len(found) <= LONGEST
    assert "\n" not in found
