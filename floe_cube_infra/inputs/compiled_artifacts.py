"""CompiledArtifacts, as the floe compiler writes them: contract versions 1.x and the draft of 2.0.

Only what this project uses is modelled, and that is checked strictly; every other section is ignored, so that
the contract can grow. The contract's own JSON Schemas are the source of names, defaults and limits.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from floe_cube_infra.errors import ArtifactsError
from floe_cube_infra.inputs.problems import problems_of, shown
from floe_cube_infra.inputs.sources import without_credentials
from floe_cube_infra.model.database import DATABASE_TYPES, DatabaseType

SUPPORTED_MAJOR_VERSIONS = (1, 2)
_SEMVER = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(?:[-+].*)?")

SecretRef = Annotated[str, Field(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9_-]{0,252}$")]
Port = Annotated[int, Field(ge=1, le=65535)]


class _Section(BaseModel):
    """A section that is used: frozen, unknown keys refused, values not coerced."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Metadata(_Section):
    """Who compiled what, and when."""

    compiled_at: str
    floe_core_version: Annotated[str, Field(min_length=1)]
    source_hash: Annotated[str, Field(min_length=1)]


class Compute(_Section):
    """The warehouse that dbt builds in and Cube queries.

    `properties` may hold anything, credentials by mistake included: only allow-listed keys are ever read
    from it (see `render.environment`).
    """

    target: str
    connection_secret_ref: SecretRef | None = None
    properties: dict[str, object] = {}


class CubeStore(_Section):
    """Where pre-aggregations live in production."""

    enabled: bool = False
    s3_bucket: str | None = None
    s3_region: str | None = None
    s3_endpoint: str | None = None
    s3_access_key_ref: SecretRef | None = None
    s3_secret_key_ref: SecretRef | None = None


class ExportBucket(_Section):
    """A bucket through which warehouses unload large pre-aggregation builds."""

    enabled: bool = False
    bucket_type: Literal["s3", "gcs"] | None = None
    name: str | None = None
    region: str | None = None
    access_key_ref: SecretRef | None = None
    secret_key_ref: SecretRef | None = None
    integration: str | None = None


class PreAggregations(_Section):
    """Defaults for pre-aggregations: a cron expression, an IANA time zone, Cube Store or the warehouse."""

    refresh_schedule: str = "*/30 * * * *"
    timezone: str = "UTC"
    external: bool = True
    cube_store: CubeStore = Field(default_factory=CubeStore)
    export_bucket: ExportBucket = Field(default_factory=ExportBucket)


class Security(_Section):
    """Row-level security: the column that rows are filtered by, and the claim of the same name.

    Artifacts of before call the column `tenant_column`.
    """

    row_level: bool = True
    filter_column: Annotated[str, Field(min_length=1)] = "organization_id"

    @model_validator(mode="before")
    @classmethod
    def _older_name(cls, data: object) -> object:
        if not isinstance(data, dict) or "tenant_column" not in data:
            return data
        older = dict(data)
        column = older.pop("tenant_column")
        if older.get("filter_column", column) != column:
            raise ValueError(
                "filter_column and its older name tenant_column are both given and differ; keep filter_column"
            )
        return {**older, "filter_column": column}


class Consumption(_Section):
    """What the consumption layer should be."""

    enabled: bool = False
    port: Port = 4000
    api_secret_ref: SecretRef | None = None
    database_type: DatabaseType | None = None
    dev_mode: bool = False
    pre_aggregations: PreAggregations = Field(default_factory=PreAggregations)
    security: Security = Field(default_factory=Security)

    @field_validator("database_type", mode="before")
    @classmethod
    def _supported(cls, value: object) -> object:
        if value is not None and value not in DATABASE_TYPES:
            raise ValueError(f"{shown(value)} is not supported; allowed are: {', '.join(DATABASE_TYPES)}")
        return value


class Observability(_Section):
    """What is reported, and where to."""

    traces: bool = True
    metrics: bool = True
    lineage: bool = True
    otlp_endpoint: str | None = None
    lineage_endpoint: str | None = None
    attributes: dict[str, str] = {}


class Classification(_Section):
    """What kind of data a column holds."""

    classification: str
    pii_type: str | None = None
    sensitivity: Literal["low", "medium", "high"] = "medium"


class EnvironmentContext(_Section):
    """Which tenant, project and environment these artifacts were compiled for."""

    tenant_id: str
    tenant_slug: str
    project_id: str
    project_slug: str
    environment_id: str
    environment_type: Literal["development", "preview", "staging", "production"]
    governance_category: Literal["production", "non_production"]


class CompiledArtifacts(BaseModel):
    """The compiler's output, as far as this project uses it."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, defer_build=True)

    version: str = "1.0.0"
    metadata: Metadata
    compute: Compute
    consumption: Consumption = Field(default_factory=Consumption)
    observability: Observability = Field(default_factory=Observability)
    dbt_manifest_path: str | None = None
    dbt_project_path: str | None = None
    lineage_namespace: str | None = None
    environment_context: EnvironmentContext | None = None
    column_classifications: dict[str, dict[str, Classification]] | None = None

    @model_validator(mode="before")
    @classmethod
    def _newer_place_of_compute(cls, data: object) -> object:
        if isinstance(data, dict) and "compute" not in data:
            profiles = data.get("resolved_profiles")
            if isinstance(profiles, dict) and "compute" in profiles:
                return {**data, "compute": profiles["compute"]}
        return data

    @field_validator("version")
    @classmethod
    def _readable_version(cls, value: str) -> str:
        match = _SEMVER.fullmatch(value)
        if match is None or int(match[1]) not in SUPPORTED_MAJOR_VERSIONS:
            allowed = " and ".join(f"{major}.x" for major in SUPPORTED_MAJOR_VERSIONS)
            raise ValueError(f"contract version {shown(value)} is not supported; allowed are {allowed}")
        return value

    @model_validator(mode="after")
    def _database_is_known(self) -> CompiledArtifacts:
        known = (self.consumption.database_type, self.compute.target)
        if self.consumption.enabled and not set(known) & set(DATABASE_TYPES):
            raise ValueError(
                "consumption is enabled without a database_type, and Cube can't query the compute target "
                f"{shown(self.compute.target)}; set consumption.database_type to one of: {', '.join(DATABASE_TYPES)}"
            )
        return self

    @property
    def database_type(self) -> DatabaseType:
        """The database Cube queries: `consumption.database_type`, else the compute target.

        Raises:
            ArtifactsError: Neither is one that Cube can query; that can only be where consumption is off.
        """
        if self.consumption.database_type is not None:
            return self.consumption.database_type
        for database_type in DATABASE_TYPES:
            if database_type == self.compute.target:
                return database_type
        raise ArtifactsError(
            f"The compute target {shown(self.compute.target)} can't be queried by Cube; "
            f"set consumption.database_type to one of: {', '.join(DATABASE_TYPES)}."
        )


_OF_DBT: Final = "dbt_schema_version"
"""In the metadata of dbt's own files."""


def load(content: bytes, location: str) -> CompiledArtifacts:
    """Reads CompiledArtifacts.

    Args:
        content: The file's bytes, UTF-8 JSON.
        location: Where it came from, for errors.

    Raises:
        ArtifactsError: It is not JSON, not an artifacts file, or wrong; each problem with its JSON path.
    """
    location = without_credentials(location)
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "not UTF-8 text, or nested too deep"
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise ArtifactsError(
            f"The compiled artifacts {location} are not valid JSON: {reason}{where}. Compile the project again."
        ) from None
    if isinstance(data, dict) and isinstance(data.get("metadata"), dict) and _OF_DBT in data["metadata"]:
        raise ArtifactsError(
            f"{location} is a file of dbt's, and no CompiledArtifacts file. Give the compiled_artifacts.json that the "
            "floe compiler writes, and dbt's files beside it as manifest and catalog."
        )
    if not isinstance(data, dict) or "metadata" not in data:
        raise ArtifactsError(
            f"{location} is JSON but no CompiledArtifacts file: it has no `metadata`. "
            "Give the compiled_artifacts.json that the floe compiler writes."
        )
    try:
        return CompiledArtifacts.model_validate(data)
    except ValidationError as error:
        problems = [_as_written(problem, data) for problem in problems_of(error, CompiledArtifacts)]
        raise ArtifactsError(f"The compiled artifacts {location} are wrong:", problems) from None


def _as_written(problem: str, data: dict[str, object]) -> str:
    """The problem with the path that the file itself has, where this reader moved or renamed something."""
    if problem.startswith("$.compute") and "compute" not in data and "resolved_profiles" in data:
        return problem.replace("$.compute", "$.resolved_profiles.compute", 1)
    column = "$.consumption.security.filter_column"
    if problem.startswith(column) and not _gives_filter_column(data):
        return problem.replace(column, "$.consumption.security.tenant_column", 1)
    return problem


def _gives_filter_column(data: dict[str, object]) -> bool:
    consumption = data.get("consumption")
    security = consumption.get("security") if isinstance(consumption, dict) else None
    return isinstance(security, dict) and "filter_column" in security
