"""Which tokens hold."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from floe_cube_infra.inputs.problems import shown
from floe_cube_infra.inputs.settings.section import Section

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class TokenSettings(Section):
    """Which tokens hold. They are JSON Web Tokens (RFC 7519), and always need an end (`exp`) and a user (`sub`).

    Attributes:
        algorithms: How tokens may be signed: some of HS256, HS384, HS512 (by the secret that the artifacts name), or
            some of RS256 to RS512 and ES256 to ES512 (by an identity provider).
        jwks_uri: Where the identity provider's public keys are (RFC 7517), `https://`; with RS and ES only.
        audience: What `aud` must be; without one, tokens for somebody in particular are refused.
        issuer: What `iss` must be; anything by default.
        clock_tolerance_seconds: How far the clocks of issuer and Cube may differ.
        max_bytes: The longest token.
        claims_key: What tokens call the object that holds the claims that filter, and the roles; messages call it `u`.
        roles_key: What the roles are called in it.
    """

    algorithms: Annotated[
        tuple[Literal["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512"], ...],
        Field(min_length=1),
    ] = ("HS256",)
    jwks_uri: str | None = None
    audience: Annotated[str, Field(min_length=1)] | None = None
    issuer: Annotated[str, Field(min_length=1)] | None = None
    clock_tolerance_seconds: Annotated[int, Field(ge=0, le=300)] = 0
    max_bytes: Annotated[int, Field(ge=512, le=65536)] = 16384
    claims_key: Annotated[str, Field(min_length=1)] = "u"
    roles_key: Annotated[str, Field(min_length=1)] = "roles"

    @field_validator("jwks_uri")
    @classmethod
    def _is_safe(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        if not is_safe or not parts.hostname or "@" in parts.netloc:
            raise ValueError(
                f"{shown(value)} can't be the address of keys, since whoever can change its answer can sign tokens; "
                "allowed is https:// without a user in it (http:// for loopback only)"
            )
        return value

    @model_validator(mode="after")
    def _one_family(self) -> Self:
        shared = [name for name in self.algorithms if name.startswith("HS")]
        if shared and len(shared) < len(self.algorithms):
            raise ValueError(
                "algorithms mix shared secrets (HS) with public keys (RS, ES), and a public key could then serve as a "
                "secret; keep one family"
            )
        if shared and self.jwks_uri is not None:
            raise ValueError("jwksUri is given with HS algorithms, which know no public keys; leave one of them out")
        if not shared and self.jwks_uri is None:
            raise ValueError(f"{', '.join(self.algorithms)} need public keys; give their address in jwksUri")
        return self
