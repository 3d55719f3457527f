"""Errors of tokens and their rules, under `floe_cube_infra.errors.FloeCubeError`."""

from __future__ import annotations

from typing import Final, Literal

from floe_cube_infra.errors import FloeCubeError, InputError

NOT_VALID: Final = "The token is not valid."
EXPIRED: Final = "The token has expired."
NOT_YET_VALID: Final = "The token is not valid yet."
NO_USER: Final = "The token names no user (sub)."
U_IS_NO_OBJECT: Final = "The token's u must be an object."
ROLES_ARE_NO_LIST: Final = "The token's u.roles must be a list of names."


class TokenError(FloeCubeError):
    """A token is refused.

    Args:
        status: 401 where the token doesn't hold, 403 where it holds but lacks what the stack demands.
        reason: Why, in full: for whoever minted the token. It repeats no signature and no secret.
        answer: What Cube answers, which tells a stranger less.
    """

    def __init__(self, status: Literal[401, 403], reason: str, answer: str = NOT_VALID) -> None:
        self.status = status
        self.reason = reason
        self.answer = answer
        super().__init__(f"The token is refused with {status}: {reason}.")


class RulesError(InputError):
    """The rules for tokens are wrong: Cube wouldn't start with them."""


class MintError(FloeCubeError):
    """A token can't be minted as asked."""
