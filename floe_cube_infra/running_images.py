"""Which images a stack runs, and whether it is settled what they are."""

from __future__ import annotations

from collections.abc import Iterator

from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts
from floe_cube_infra.inputs.image_references import ImageReference
from floe_cube_infra.inputs.images import reference_of
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.inputs.settings.images import ImageName
from floe_cube_infra.observation import collector_exports, observer_settings


def running_images(artifacts: CompiledArtifacts, settings: Settings) -> dict[ImageName, ImageReference]:
    """The images that a stack runs, by name; no others need a digest, or be in a mirror."""
    store, marquez = settings.cube_store, settings.marquez
    has_collector = collector_exports(artifacts, settings) is not None
    runs: dict[ImageName, bool] = {
        "cube": True,
        "cube_store": store.enabled and store.host is None,
        "sql_proxy": settings.sql_api != "off" and settings.sql.tls_secret is not None,
        "marquez": marquez.enabled,
        "marquez_web": marquez.enabled and marquez.web,
        "postgres": marquez.has_own_database,
        "observer": observer_settings(artifacts, settings) is not None,
        "collector": has_collector,
        "jaeger": has_collector and settings.jaeger.enabled,
    }
    return {name: reference_of(name, settings.images) for name, is_run in runs.items() if is_run}


def image_problems(artifacts: CompiledArtifacts, settings: Settings) -> Iterator[str]:
    """What is wrong with the images, as a sentence: without digests, where those are demanded."""
    default = "refused" if settings.environment == "prod" else "allowed"
    if (settings.images.unpinned or default) == "allowed":
        return
    running = running_images(artifacts, settings).values()
    unpinned = sorted(image.tagged for image in running if image.digest is None)
    if unpinned:
        yield (
            f"no digest says which image is meant by {', '.join(unpinned)}, and a pod that restarts would run what "
            "the registry gives out by then. `floe-cube images pin --stack-file <the stack's file>` asks the "
            "registries and writes images.pinned; images.unpinned: allowed does without"
        )
