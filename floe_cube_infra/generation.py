"""From settings to files: the one way that both the Pulumi program and `floe-cube` take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from floe_cube_infra.errors import ManifestError, SettingsError, TranslationError
from floe_cube_infra.inputs import compiled_artifacts, dbt_catalog, dbt_manifest, sources
from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts
from floe_cube_infra.inputs.dbt_catalog import Catalog
from floe_cube_infra.inputs.dbt_manifest import Manifest
from floe_cube_infra.inputs.fit import misfits
from floe_cube_infra.inputs.settings import Settings, check_secret_name
from floe_cube_infra.laptop import for_laptop, kept_in_warehouse
from floe_cube_infra.model.cube_config import CubeConfig, RefreshSchedule, RowLevelSecurity
from floe_cube_infra.model.cubes import SemanticModel
from floe_cube_infra.model.frozen import Frozen
from floe_cube_infra.model.gateway import Gateway, RequestLimits, TokenChecks
from floe_cube_infra.render.component_environment import heap_mib
from floe_cube_infra.render.environment import EnvironmentVariables, SecretKeys, cube_environment
from floe_cube_infra.render.environment.generated_secret import with_generated_secret
from floe_cube_infra.render.files import CubeFiles, cube_files
from floe_cube_infra.render.settings_json import render_settings
from floe_cube_infra.translate.claim_types import with_types
from floe_cube_infra.translate.issues import Issue, errors, stopping, warnings
from floe_cube_infra.translate.pre_aggregations import PreAggregationDefaults, check_schedule, check_time_zone
from floe_cube_infra.translate.project import TranslationOptions, translate
from floe_cube_infra.translate.rollups import Rollups
from floe_cube_infra.translate.row_filters import claim_demands, claim_problems, row_security
from floe_cube_infra.translate.selection import Selection
from floe_cube_infra.translate.visibility import DEFAULT_VISIBILITY, Classifications
from floe_cube_infra.warehouse import export_bucket_source, warehouse_problems

Place = Literal["cluster", "laptop"]
"""Where Cube is to run. On a laptop there is no Cube Store, the SQL API is on, and a changed model is read anew."""


class Counts(Frozen):
    """How much was read and generated."""

    models: int = 0
    columns: int = 0
    cubes: int = 0
    roles: int = 0
    views: int = 0
    dimensions: int = 0
    measures: int = 0
    joins: int = 0
    rollups: int = 0
    files: int = 0
    errors: int = 0
    warnings: int = 0


@dataclass(frozen=True, kw_only=True)
class Generated:
    """Everything that is known before the first resource.

    Attributes:
        artifacts: What all of it was generated from.
        config: How Cube is set up.
        model: The cubes.
        files: What Cube is given.
        environment: The variables of Cube's containers.
        issues: What is wrong or doubtful; errors that stop the generation have been raised.
        counts: How much was read and generated.
    """

    artifacts: CompiledArtifacts
    config: CubeConfig
    model: SemanticModel
    files: CubeFiles
    environment: EnvironmentVariables
    issues: tuple[Issue, ...]
    counts: Counts


def generate(settings: Settings, base: Path, place: Place = "cluster") -> Generated | None:
    """Reads the inputs and generates everything; writes nothing.

    Args:
        settings: The stack's settings.
        base: The folder that relative paths in the settings are taken from.
        place: Where Cube is to run.

    Returns:
        None where the artifacts switch the consumption layer off.

    Raises:
        FloeCubeError: What a user can mend, all of it at once where that is possible.
    """
    artifacts_at, artifacts = read_artifacts(settings, base)
    if not artifacts.consumption.enabled:
        return None
    if place == "laptop":
        artifacts, settings = for_laptop(artifacts, settings)
    _check(artifacts, settings)
    manifest, catalog = _read_dbt(artifacts, settings, artifacts_at, base)
    config = cube_config(artifacts, settings)
    translation = translate(manifest, catalog, translation_options(artifacts, settings, config))
    found = stopping(translation.issues)
    if found:
        raise TranslationError("The dbt project can't become a Cube model:", map(str, found))
    demands = claim_demands(config.row_level_security.filter_column, settings.security)
    model = kept_in_warehouse(translation.model) if place == "laptop" else translation.model
    types = with_types(demands, model.cubes)
    files = cube_files(
        model,
        render_settings(config, gateway(settings), sql_api=settings.sql_api, demands=types),
    )
    return Generated(
        artifacts=artifacts,
        config=config,
        model=model,
        files=files,
        environment=_environment(artifacts, settings, config),
        issues=tuple(translation.issues),
        counts=Counts(
            models=sum(1 for _ in manifest.models()),
            columns=translation.columns_read,
            cubes=len(model.cubes),
            roles=len(model.roles),
            views=len(model.views),
            dimensions=sum(len(cube.dimensions) for cube in model.cubes),
            measures=sum(len(cube.measures) for cube in model.cubes),
            joins=sum(len(cube.joins) for cube in model.cubes),
            rollups=sum(len(cube.pre_aggregations) for cube in model.cubes),
            files=len(files.configuration) + len(files.model),
            errors=len(errors(translation.issues)),
            warnings=len(warnings(translation.issues)),
        ),
    )


def read_artifacts(settings: Settings, base: Path) -> tuple[str, CompiledArtifacts]:
    """Where the artifacts are, and what they say."""
    location = sources.resolve(settings.artifacts, base)
    return location, compiled_artifacts.load(sources.read(location, "compiled artifacts file"), location)


def cube_config(artifacts: CompiledArtifacts, settings: Settings) -> CubeConfig:
    """How Cube is set up, from artifacts and settings."""
    consumption = artifacts.consumption
    column = consumption.security.filter_column
    return CubeConfig(
        database_type=artifacts.database_type,
        api_port=consumption.port,
        api_secret_ref=consumption.api_secret_ref or settings.secret_keys.api_secret_name,
        dev_mode=consumption.dev_mode and settings.environment == "local",
        row_level_security=RowLevelSecurity(
            enabled=consumption.security.row_level,
            filter_column=column,
            filter_claim=settings.security.filter_claim or column,
        ),
        pre_aggregations=RefreshSchedule(
            refresh_schedule=consumption.pre_aggregations.refresh_schedule,
            timezone=consumption.pre_aggregations.timezone,
        ),
        jwt_audience=settings.tokens.audience,
        jwt_issuer=settings.tokens.issuer,
    )


def gateway(settings: Settings) -> Gateway:
    """What every request meets, from settings."""
    return Gateway(
        tokens=TokenChecks(
            algorithms=settings.tokens.algorithms,
            jwks_uri=settings.tokens.jwks_uri,
            clock_tolerance_seconds=settings.tokens.clock_tolerance_seconds,
            max_bytes=settings.tokens.max_bytes,
            claims_key=settings.tokens.claims_key,
            roles_key=settings.tokens.roles_key,
        ),
        limits=RequestLimits(**settings.limits.model_dump()),
        api_scopes=settings.api.scopes,
        cors_origins=settings.api.cors_origins,
    )


def _check(artifacts: CompiledArtifacts, settings: Settings) -> None:
    consumption = artifacts.consumption
    problems = [
        check_secret_name(reference, where)
        for where, reference in (
            ("consumption.api_secret_ref", consumption.api_secret_ref),
            ("compute.connection_secret_ref", artifacts.compute.connection_secret_ref),
        )
        if reference is not None
    ]
    if consumption.dev_mode and settings.environment != "local":
        problems.append(
            "consumption.dev_mode is true, which switches authentication off; that is allowed in the environment "
            f"local only, not in {settings.environment}. Set it to false in the artifacts"
        )
    problems += warehouse_problems(artifacts, settings)
    problems += claim_problems(consumption.security.filter_column, settings.security)
    if not consumption.port >= 1024:
        problems.append(
            f"consumption.port is {consumption.port}; allowed are 1024 to 65535, since Cube runs without root"
        )
    schedule = consumption.pre_aggregations
    for key, problem in (
        ("refresh_schedule", check_schedule(schedule.refresh_schedule)),
        ("timezone", check_time_zone(schedule.timezone)),
    ):
        problems.append(problem and f"consumption.pre_aggregations.{key}: {problem}")
    found = [problem for problem in problems if problem] + misfits(artifacts, settings)
    if found:
        raise SettingsError("Artifacts and settings don't fit this stack:", found)


def _read_dbt(
    artifacts: CompiledArtifacts, settings: Settings, artifacts_at: str, base: Path
) -> tuple[Manifest, Catalog]:
    manifest_at = _manifest_location(artifacts, settings, artifacts_at, base)
    manifest = dbt_manifest.load(sources.read(manifest_at, "dbt manifest"), manifest_at)
    adapter = manifest.metadata.adapter_type
    if adapter not in (None, artifacts.database_type) and not settings.models.allow_adapter_mismatch:
        raise ManifestError(
            f"The dbt manifest {sources.without_credentials(manifest_at)} was made for {adapter}, but Cube is to query "
            f"{artifacts.database_type} (consumption.database_type). Give the manifest of that target, or set "
            "models.allowAdapterMismatch if both hold the same tables."
        )
    if settings.catalog is None:
        return manifest, dbt_catalog.EMPTY
    catalog_at = sources.resolve(settings.catalog, base)
    return manifest, dbt_catalog.load(sources.read(catalog_at, "dbt catalog"), catalog_at)


def _manifest_location(artifacts: CompiledArtifacts, settings: Settings, artifacts_at: str, base: Path) -> str:
    if settings.manifest is not None:
        return sources.resolve(settings.manifest, base)
    if artifacts.dbt_manifest_path is None:
        raise SettingsError(
            "Where the dbt manifest lies is unknown: the artifacts have no dbt_manifest_path. "
            "Set the manifest in the stack's settings, or give --manifest."
        )
    if sources.is_remote(artifacts_at):
        raise SettingsError(
            f"The dbt manifest of remote artifacts has to be named: {artifacts.dbt_manifest_path!r} is relative to "
            "a folder that isn't here. Set the manifest in the stack's settings, or give --manifest."
        )
    folder = Path(artifacts_at).parent
    project = folder / (artifacts.dbt_project_path or ".")
    inside_project = project / artifacts.dbt_manifest_path
    beside_artifacts = folder / artifacts.dbt_manifest_path
    return str(inside_project if inside_project.exists() else beside_artifacts)


def translation_options(artifacts: CompiledArtifacts, settings: Settings, config: CubeConfig) -> TranslationOptions:
    """How the dbt project is translated, from artifacts and settings."""
    models = settings.models
    classified = artifacts.column_classifications or {}
    return TranslationOptions(
        database_type=config.database_type,
        security=row_security(
            config.row_level_security.filter_column, settings.security, enabled=config.row_level_security.enabled
        ),
        selection=Selection(include=models.include, exclude=models.exclude, resource_types=models.resource_types),
        time_hierarchies=models.time_hierarchies,
        keep_without_columns=models.without_columns == "count",
        classifications=Classifications(
            by_model={
                model: {column.lower(): kind.classification for column, kind in columns.items()}
                for model, columns in classified.items()
            },
            visibility={**DEFAULT_VISIBILITY, **models.visibility},
            clear_for=settings.security.clear_for,
        ),
        rollups=Rollups(
            defaults=PreAggregationDefaults(
                refresh_schedule=config.pre_aggregations.refresh_schedule,
                timezone=config.pre_aggregations.timezone,
                external=artifacts.consumption.pre_aggregations.external,
                database_type=config.database_type,
            ),
            propose=models.rollups == "auto",
        ),
    )


def _environment(artifacts: CompiledArtifacts, settings: Settings, config: CubeConfig) -> EnvironmentVariables:
    keys = settings.secret_keys
    variables = cube_environment(
        config,
        gateway(settings),
        artifacts.compute.properties,
        artifacts.compute.connection_secret_ref,
        SecretKeys.model_validate({name: getattr(keys, name) for name in SecretKeys.model_fields}),
        sql_api=settings.sql_api == "shared",
        heap_mib=heap_mib(settings.api.memory),
        bucket=export_bucket_source(artifacts, settings),
    )
    return with_generated_secret(variables, config.api_secret_ref, settings.secrets.generated)
