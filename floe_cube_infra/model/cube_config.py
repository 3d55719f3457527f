"""How Cube is set up, apart from its model."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.frozen import Frozen

UnprivilegedPort = Annotated[int, Field(ge=1024, le=65535)]
SecretRef = Annotated[str, Field(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9_-]{0,252}$")]


class RowLevelSecurity(Frozen):
    """Row-level security.

    Attributes:
        enabled: Whether rows are filtered at all.
        filter_column: The column that tells whose row it is.
        filter_claim: The token's claim with the values that a query may see.
    """

    enabled: bool = True
    filter_column: str = "organization_id"
    filter_claim: str = "organization_id"


class RefreshSchedule(Frozen):
    """When pre-aggregations are built anew, where they don't say so themselves.

    Attributes:
        refresh_schedule: A cron expression.
        timezone: The IANA zone that it is read in.
    """

    refresh_schedule: str = "*/30 * * * *"
    timezone: str = "UTC"


class CubeConfig(Frozen):
    """How Cube is set up; the contract `cube-config` of the floe platform.

    Attributes:
        database_type: What Cube queries.
        api_port: REST and GraphQL.
        sql_port: The SQL API (Postgres wire protocol).
        api_secret_ref: The Kubernetes Secret with the key that signs tokens.
        dev_mode: Cube's playground, without authentication; local stacks only.
        pre_aggregations_schema: The schema for pre-aggregation tables.
        export_bucket: The bucket that large builds are unloaded through.
        jwt_audience: What a token's `aud` must be.
        jwt_issuer: What a token's `iss` must be.
        row_level_security: See `RowLevelSecurity`.
        pre_aggregations: See `RefreshSchedule`.
    """

    database_type: DatabaseType
    api_port: UnprivilegedPort = 4000
    sql_port: UnprivilegedPort = 15432
    api_secret_ref: SecretRef | None = None
    dev_mode: bool = False
    pre_aggregations_schema: str = "pre_aggregations"
    export_bucket: str | None = None
    jwt_audience: str | None = None
    jwt_issuer: str | None = None
    row_level_security: RowLevelSecurity = Field(default_factory=RowLevelSecurity)
    pre_aggregations: RefreshSchedule = Field(default_factory=RefreshSchedule)

    @model_validator(mode="after")
    def _ports_differ(self) -> CubeConfig:
        if self.api_port == self.sql_port:
            raise ValueError(f"api_port and sql_port are both {self.api_port}; they must differ")
        return self
