"""What artifacts and settings ask for together that can't be had, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts
from floe_cube_infra.inputs.settings import Settings


def misfits(artifacts: CompiledArtifacts, settings: Settings) -> list[str]:
    """Every contradiction, as a sentence."""
    return [*_without_store(artifacts, settings), *_without_worker(settings), *_sql(settings)]


def _without_store(artifacts: CompiledArtifacts, settings: Settings) -> Iterator[str]:
    if settings.cube_store.enabled:
        return
    if artifacts.consumption.pre_aggregations.external:
        yield (
            "consumption.pre_aggregations.external is true in the artifacts, but cubeStore.enabled is false in the "
            "settings, so there is nowhere to keep them. Switch Cube Store on, or set external to false"
        )
    if (pods := _most_replicas(settings)) > 1:
        yield (
            f"the API may have {pods} pods, but cubeStore.enabled is false, and without Cube Store their cache and "
            "queue are in each pod's own memory. Switch Cube Store on, or set api.replicas to 1"
        )


def _without_worker(settings: Settings) -> Iterator[str]:
    if not settings.refresh_worker.enabled and (pods := _most_replicas(settings)) > 1:
        yield (
            f"the API may have {pods} pods, but refreshWorker.enabled is false, and each of them would build the "
            "same pre-aggregations. Switch the refresh worker on, or set api.replicas to 1"
        )


def _sql(settings: Settings) -> Iterator[str]:
    sql, is_on = settings.sql, settings.api.sql_api != "off"
    if sql.load_balancer and not is_on:
        yield "sql.loadBalancer is true, but api.sqlApi is off; set it to shared, or drop the load balancer"
    if is_on and sql.tls_secret is None and settings.environment in {"staging", "prod"}:
        yield (
            f"api.sqlApi is shared without sql.tlsSecret, so that in {settings.environment} passwords would cross the "
            "network in clear. Name the Secret of the type kubernetes.io/tls with the certificate, or set sqlApi to off"
        )


def _most_replicas(settings: Settings) -> int:
    return settings.api.max_replicas or settings.api.replicas
