"""From settings to files: the one way that both the Pulumi program and `floe-cube` take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from floe_cube_infra.errors import SettingsError, TranslationError
from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.laptop import kept_in_warehouse
from floe_cube_infra.model.collector import CollectorExports
from floe_cube_infra.model.counts import Counts
from floe_cube_infra.model.cube_config import CubeConfig, RefreshSchedule, RowLevelSecurity
from floe_cube_infra.model.cubes import SemanticModel
from floe_cube_infra.model.dataset_lineage import ModelLineage
from floe_cube_infra.model.gateway import Gateway, RequestLimits, TokenChecks
from floe_cube_infra.model.observation import ObserverSettings, QueryRecording
from floe_cube_infra.model.owners import Owner
from floe_cube_infra.observation import collector_exports, dataset_names, observer_settings
from floe_cube_infra.project_inputs import Place, ProjectInputs, read_inputs
from floe_cube_infra.render.component_environment import heap_mib
from floe_cube_infra.render.environment import EnvironmentVariables, ExportBucketSource, SecretKeys, cube_environment
from floe_cube_infra.render.environment.generated_secret import with_generated_secret
from floe_cube_infra.render.files import CubeFiles, cube_files
from floe_cube_infra.render.observer_files import observer_files
from floe_cube_infra.render.owners_json import render_owners
from floe_cube_infra.render.settings_json import render_settings
from floe_cube_infra.translate.claim_types import with_types
from floe_cube_infra.translate.dataset_lineage import model_lineage
from floe_cube_infra.translate.issues import Issue, errors, stopping, warnings
from floe_cube_infra.translate.owners import owners_of
from floe_cube_infra.translate.pre_aggregations import PreAggregationDefaults
from floe_cube_infra.translate.project import TranslationOptions, translate
from floe_cube_infra.translate.rollups import Rollups
from floe_cube_infra.translate.row_filters import claim_demands, row_security
from floe_cube_infra.translate.selection import Selection
from floe_cube_infra.translate.visibility import DEFAULT_VISIBILITY, Classifications
from floe_cube_infra.warehouse import export_bucket_source


@dataclass(frozen=True, kw_only=True)
class Generated:
    """Everything that is known before the first resource.

    Attributes:
        artifacts: What all of it was generated from.
        config: How Cube is set up.
        model: The cubes.
        files: What Cube is given.
        environment: The variables of Cube's containers.
        export_bucket: The bucket that the warehouse unloads into, if there is one.
        time_zones: The IANA zones that rollups are built for.
        observer: What the observer beside Cube runs with; None where queries aren't observed.
        collector: Where the stack's own collector sends what it gets; None where it has none.
        owners: Whom to ask about cubes and views, by their names.
        issues: What is wrong or doubtful; errors that stop the generation have been raised.
        counts: How much was read and generated.
    """

    artifacts: CompiledArtifacts
    config: CubeConfig
    model: SemanticModel
    files: CubeFiles
    environment: EnvironmentVariables
    export_bucket: ExportBucketSource | None = None
    time_zones: tuple[str, ...]
    observer: ObserverSettings | None = None
    collector: CollectorExports | None = None
    owners: Mapping[str, tuple[Owner, ...]] = field(default_factory=dict)
    issues: tuple[Issue, ...]
    counts: Counts

    def folder(self) -> dict[str, str]:
        """What reviewers are given, by path: all that the stack ships, and beside it whom to ask."""
        return {**self.files.everything(), **render_owners(self.owners)}


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
    inputs = read_inputs(settings, base, place)
    return None if inputs is None else generate_from(inputs)


def generate_from(inputs: ProjectInputs) -> Generated:
    """Generates everything from inputs that have been read; the same for inputs of the same fingerprint.

    Raises:
        TranslationError: The dbt project can't become a Cube model.
    """
    artifacts, settings, manifest = inputs.artifacts, inputs.settings, inputs.manifest
    config = cube_config(artifacts, settings)
    translation = translate(manifest, inputs.catalog, translation_options(artifacts, settings, config))
    found = stopping(translation.issues)
    if found:
        raise TranslationError("The dbt project can't become a Cube model:", map(str, found))
    model = kept_in_warehouse(translation.model) if inputs.place == "laptop" else translation.model
    _require_store(model, settings)
    demands = claim_demands(config.row_level_security.filter_column, settings.security)
    types = with_types(demands, model.cubes)
    observed = observer_settings(artifacts, settings) if inputs.place == "cluster" else None
    recording = QueryRecording(port=observed.port, sql=settings.observability.sql) if observed is not None else None
    zones = rollup_time_zones(artifacts, settings)
    owners = owners_of(manifest, model)
    files = cube_files(
        model,
        render_settings(
            config,
            gateway(settings),
            sql_api=settings.sql_api,
            time_zones=zones,
            demands=types,
            recording=recording,
        ),
        _observer_files(observed, model, artifacts, settings),
    )
    exported = export_bucket_source(artifacts, settings)
    return Generated(
        artifacts=artifacts,
        config=config,
        model=model,
        files=files,
        environment=_environment(artifacts, settings, config, exported),
        export_bucket=exported,
        time_zones=zones,
        observer=observed,
        collector=collector_exports(artifacts, settings) if inputs.place == "cluster" else None,
        owners=owners,
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
            files=len(files.everything()) + len(render_owners(owners)),
            errors=len(errors(translation.issues)),
            warnings=len(warnings(translation.issues)),
        ),
    )


def _require_store(model: SemanticModel, settings: Settings) -> None:
    if settings.cube_store.enabled:
        return
    kept_there = [
        f"{cube.dbt_node}: the pre-aggregation {each.name} of the cube {cube.name} has external: true"
        for cube in model.cubes
        for each in cube.pre_aggregations
        if each.external
    ]
    if kept_there:
        raise SettingsError(
            "cubeStore.enabled is false in the settings, but the dbt project keeps pre-aggregations in Cube Store. "
            "Switch it on, or set external: false in meta.cube.pre_aggregations:",
            kept_there,
        )


def _observer_files(
    observed: ObserverSettings | None, model: SemanticModel, artifacts: CompiledArtifacts, settings: Settings
) -> dict[str, str]:
    if observed is None:
        return {}
    if observed.lineage is None:
        return observer_files(observed, ModelLineage())
    return observer_files(observed, model_lineage(model, dataset_names(artifacts, settings)))


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


def rollup_time_zones(artifacts: CompiledArtifacts, settings: Settings) -> tuple[str, ...]:
    """The IANA zones that rollups are built for: those in settings, else UTC and the artifacts' own."""
    default = dict.fromkeys(("UTC", artifacts.consumption.pre_aggregations.timezone))
    return tuple(dict.fromkeys(settings.refresh_worker.time_zones or default))


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


def _environment(
    artifacts: CompiledArtifacts, settings: Settings, config: CubeConfig, export_bucket: ExportBucketSource | None
) -> EnvironmentVariables:
    keys = settings.secret_keys
    variables = cube_environment(
        config,
        gateway(settings),
        artifacts.compute.properties,
        artifacts.compute.connection_secret_ref,
        SecretKeys.model_validate({name: getattr(keys, name) for name in SecretKeys.model_fields}),
        sql_api=settings.sql_api == "shared",
        heap_mib=heap_mib(settings.api.memory),
        bucket=export_bucket,
    )
    return with_generated_secret(variables, config.api_secret_ref, settings.secrets.generated)
