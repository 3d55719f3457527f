"""What everything is generated from, read and checked: settings, artifacts, the dbt manifest and its catalog."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from floe_cube_infra.errors import ManifestError, SettingsError
from floe_cube_infra.inputs import compiled_artifacts, dbt_catalog, dbt_manifest, sources
from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts
from floe_cube_infra.inputs.dbt_catalog import Catalog
from floe_cube_infra.inputs.dbt_manifest import Manifest
from floe_cube_infra.inputs.fit import misfits
from floe_cube_infra.inputs.settings import Settings, check_secret_name
from floe_cube_infra.laptop import for_laptop
from floe_cube_infra.naming import content_hash
from floe_cube_infra.observation import observation_problems
from floe_cube_infra.running_images import image_problems
from floe_cube_infra.translate.pre_aggregations import check_schedule, check_time_zone
from floe_cube_infra.translate.row_filters import claim_problems
from floe_cube_infra.warehouse import warehouse_problems

Place = Literal["cluster", "laptop"]
"""Where Cube is to run. On a laptop there is no Cube Store, the SQL API is on, and a changed model is read anew."""

_WHOLE_SHA256: Final = 64


@dataclass(frozen=True, kw_only=True)
class ProjectInputs:
    """All that decides what is generated, beside this package itself.

    Attributes:
        place: Where Cube is to run.
        settings: The stack's settings, as they are for that place.
        artifacts: What the floe compiler wrote, as it is for that place.
        manifest: The dbt project, as far as it is used here: not its SQL, nor when dbt wrote it.
        catalog: What the warehouse reports; `dbt_catalog.EMPTY` if there is none.
    """

    place: Place
    settings: Settings
    artifacts: CompiledArtifacts
    manifest: Manifest
    catalog: Catalog

    def fingerprint(self) -> str:
        """A hash of all of it: inputs of one fingerprint generate the same.

        Values are hashed as they are written, since 1 and true are equal in Python, but not in a model's file.
        """
        given = repr((self.place, self.settings, self.artifacts))
        read = map(msgspec.json.encode, (self.manifest, self.catalog))
        return content_hash((given, *read), length=_WHOLE_SHA256)


def read_inputs(settings: Settings, base: Path, place: Place = "cluster") -> ProjectInputs | None:
    """Reads the inputs and checks that they fit each other.

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
    _check(artifacts, settings, place)
    manifest, catalog = _read_dbt(artifacts, settings, artifacts_at, base)
    return ProjectInputs(place=place, settings=settings, artifacts=artifacts, manifest=manifest, catalog=catalog)


def read_artifacts(settings: Settings, base: Path) -> tuple[str, CompiledArtifacts]:
    """Where the artifacts are, and what they say."""
    location = sources.resolve(settings.artifacts, base)
    return location, compiled_artifacts.load(sources.read(location, "compiled artifacts file"), location)


def _check(artifacts: CompiledArtifacts, settings: Settings, place: Place) -> None:
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
    problems += observation_problems(artifacts, settings)
    if place == "cluster":
        problems += image_problems(artifacts, settings)
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
    for zone in settings.refresh_worker.time_zones or ():
        problem = check_time_zone(zone)
        problems.append(problem and f"refreshWorker.timeZones: {problem}")
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
