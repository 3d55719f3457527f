"""A generated password: made once, kept by the state, and made anew where one of its inputs changes.

https://www.pulumi.com/registry/packages/random/api-docs/randompassword/
"""

# ruff: noqa: ARG002 - a kind takes what another kind needs

from __future__ import annotations

import secrets
import string
from collections.abc import Iterator
from typing import Final

from floe_cube_infra.offline.errors import ProviderError
from floe_cube_infra.offline.kinds import Kind, Plains
from floe_cube_infra.offline.wire import Unknown

_SPECIAL: Final = "!@#$%&*()-_=+[]{}<>:?"
_CLASSES: Final = {
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "numeric": string.digits,
    "special": _SPECIAL,
}


class Password(Kind):
    """`RandomPassword`."""

    takes = frozenset({"length", "keepers", *_CLASSES})
    fixed = takes
    told_later = ("result",)
    secret = frozenset({"result"})

    def problems(self, inputs: Plains) -> Iterator[str]:
        """A length that is missing or none."""
        length = inputs.get("length")
        if not isinstance(length, Unknown) and not (isinstance(length, int) and length >= 1):
            yield "length: give a whole number of at least 1"
        if not any(inputs.get(name, True) for name in _CLASSES):
            yield f"one of {', '.join(_CLASSES)} has to be allowed"

    def create(self, inputs: Plains) -> str:
        """The official provider's id, which tells nothing."""
        return "none"

    def read(self, identifier: str, state: Plains) -> Plains | None:
        """The password of the state, or a new one where the state has none yet."""
        if "length" not in state:
            raise ProviderError("A password can't be read by its id; nothing but the state knows it.")
        if "result" in state:
            return state
        letters = "".join(characters for name, characters in _CLASSES.items() if state.get(name, True))
        return {**state, "result": "".join(secrets.choice(letters) for _ in range(state["length"]))}

    def update(self, identifier: str, inputs: Plains) -> None:
        """Nothing of it changes in place."""

    def delete(self, identifier: str, state: Plains) -> None:
        """With the state it is gone."""
