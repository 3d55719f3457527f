"""What every request meets first: which tokens hold, which APIs answer, how much may be asked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from floe_cube_infra.model.frozen import Frozen

SharedSecretAlgorithm = Literal["HS256", "HS384", "HS512"]
PublicKeyAlgorithm = Literal["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]
SqlApi = Literal["off", "shared", "perOrganization"]
"""The SQL API: not at all, one service, or one for each organization."""
ApiScope = Literal["graphql", "meta", "data", "sql"]


class TokenChecks(Frozen):
    """Which tokens hold, beside audience and issuer.

    Attributes:
        algorithms: How tokens may be signed: by a shared secret (HS) or by the private keys of an identity provider.
        jwks_uri: Where the provider's public keys are (RFC 7517); None with a shared secret.
        clock_tolerance_seconds: How far the provider's clock may differ.
        max_bytes: The longest token.
        claims_key: What tokens call the object with the claims that filter (`u` here).
        roles_key: What it calls the roles.
    """

    algorithms: tuple[SharedSecretAlgorithm | PublicKeyAlgorithm, ...] = ("HS256",)
    jwks_uri: str | None = None
    clock_tolerance_seconds: Annotated[int, Field(ge=0, le=300)] = 0
    max_bytes: Annotated[int, Field(ge=512, le=65536)] = 16384
    claims_key: str = "u"
    roles_key: str = "roles"


class RequestLimits(Frozen):
    """How much one request may ask.

    Attributes:
        rows: Rows of one answer; paging reaches the rest.
        query_bytes: Bytes of a query.
        members: Members that a query names.
        filters: Filters of a query, nested ones too.
        queries: Queries of one request.
        seconds: How long a query may run in the warehouse.
    """

    rows: Annotated[int, Field(ge=1, le=50_000)] = 10_000
    query_bytes: Annotated[int, Field(ge=1024, le=1_048_576)] = 65_536
    members: Annotated[int, Field(ge=1, le=1000)] = 200
    filters: Annotated[int, Field(ge=1, le=10_000)] = 500
    queries: Annotated[int, Field(ge=1, le=100)] = 10
    seconds: Annotated[int, Field(ge=1, le=86_400)] = 600


class Gateway(Frozen):
    """What every request meets.

    Attributes:
        tokens: See `TokenChecks`.
        limits: See `RequestLimits`.
        api_scopes: Which of Cube's APIs answer.
        cors_origins: Origins whose pages may ask; none by default.
    """

    tokens: TokenChecks = Field(default_factory=TokenChecks)
    limits: RequestLimits = Field(default_factory=RequestLimits)
    api_scopes: tuple[ApiScope, ...] = ("graphql", "meta", "data", "sql")
    cors_origins: tuple[str, ...] = ()
