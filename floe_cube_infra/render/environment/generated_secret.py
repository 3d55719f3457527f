"""The keys that sign tokens, where the stack generates them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from floe_cube_infra.naming import content_hash
from floe_cube_infra.render.environment.secret_references import EnvironmentVariables, SecretKeyRef

NEWEST_KEY: Final = "secret"
"""In a generated Secret: the key that new tokens are signed with."""

VALID_KEYS: Final = "secrets"
"""In a generated Secret: all valid keys, the newest first, separated by commas."""

_ONE: Final = "CUBEJS_API_SECRET"


def generated_secret_name(reference: str | None, generations: Sequence[str]) -> str:
    """The name of the Secret with generated keys: another one for other generations, so that pods roll."""
    return f"{reference}-{content_hash(generations)}"


def with_generated_secret(
    variables: EnvironmentVariables, reference: str | None, generations: Sequence[str] | None
) -> EnvironmentVariables:
    """The variables with the rotation list of a generated Secret in place of the one key, sorted by name.

    Where no key is generated, or none is shared (tokens are verified by an identity provider's public keys), nothing
    changes.
    """
    if generations is None or _ONE not in variables:
        return variables
    rest = {name: value for name, value in variables.items() if name != _ONE}
    valid = SecretKeyRef(secret=generated_secret_name(reference, generations), key=VALID_KEYS)
    return dict(sorted({**rest, "CUBEJS_API_SECRETS": valid}.items()))
