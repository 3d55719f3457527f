"""Strategies for values of the engine."""

from __future__ import annotations

from hypothesis import strategies as st

from floe_cube_infra.offline.wire import SIGNATURE_KEY, UNKNOWN, Secret

# Strings that protobuf takes; the engine's own marks aren't strings of a program.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = TEXTS.filter(lambda key: key != SIGNATURE_KEY)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda number: not number.is_integer()
)
PLAIN = st.none() | st.booleans() | NUMBERS | TEXTS


def nested(leaves):
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=15,
    )


PLAIN_VALUES = nested(PLAIN)
VALUES = nested(PLAIN | st.just(UNKNOWN) | PLAIN.map(Secret) | st.just(Secret(UNKNOWN)) | PLAIN_VALUES.map(Secret))
PROPERTIES = st.dictionaries(KEYS, VALUES, max_size=5)
