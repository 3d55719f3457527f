"""What artifacts and settings ask for together that can't be had, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts
from floe_cube_infra.inputs.problems import shown
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.inputs.settings.bucket import BUCKET_NAME


def misfits(artifacts: CompiledArtifacts, settings: Settings) -> list[str]:
    """Every contradiction, as a sentence."""
    return [
        *_without_store(artifacts, settings),
        *_without_worker(settings),
        *_sql_choice(artifacts, settings),
        *_sql(settings),
        *_keys(settings),
        *_monitoring(settings),
        *_marquez(settings),
        *_export_bucket(artifacts, settings),
    ]


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


def _sql_choice(artifacts: CompiledArtifacts, settings: Settings) -> Iterator[str]:
    is_chosen = settings.api.sql_api is not None or settings.environment in ("local", "dev")
    if not is_chosen and artifacts.consumption.security.row_level:
        yield (
            f"api.sqlApi isn't set, and in {settings.environment} with row-level security there is no default: catalog "
            "queries of Cube's SQL API show each session's statements to all others. Choose off, shared (all who "
            "log in may see that) or perOrganization (a service for each of sql.organizations)"
        )
    if settings.sql_api == "perOrganization" and not artifacts.consumption.security.row_level:
        yield (
            "api.sqlApi is perOrganization, but row-level security is off in the artifacts, so that tokens name no "
            "organization. Set sqlApi to shared or off, or consumption.security.row_level to true"
        )


def _sql(settings: Settings) -> Iterator[str]:
    sql, mode = settings.sql, settings.sql_api
    if sql.load_balancer and mode != "shared":
        yield f"sql.loadBalancer is true, but api.sqlApi is {mode}; set it to shared, or drop the load balancer"
    if mode == "perOrganization" and not sql.organizations:
        yield "api.sqlApi is perOrganization without sql.organizations; name them, or set sqlApi to shared or off"
    if mode != "perOrganization" and sql.organizations:
        yield f"sql.organizations are named, but api.sqlApi is {mode}; set it to perOrganization, or drop them"
    if mode != "off" and sql.tls_secret is None and settings.environment in {"staging", "prod"}:
        yield (
            f"api.sqlApi is {mode} without sql.tlsSecret, so that in {settings.environment} passwords would cross the "
            "network in clear. Name the Secret of the type kubernetes.io/tls with the certificate, or set sqlApi to off"
        )


def _monitoring(settings: Settings) -> Iterator[str]:
    if settings.monitoring.service_monitors and settings.network.policies and not settings.network.monitoring:
        yield (
            "monitoring.serviceMonitors is true, but network.monitoring names nobody, so that Prometheus can't ask. "
            "Name its namespace there"
        )


def _keys(settings: Settings) -> Iterator[str]:
    if settings.secrets.generated is not None and settings.tokens.jwks_uri is not None:
        yield (
            "secrets.apiSecret is generate, but tokens.jwksUri is set, so that public keys verify tokens, and nobody "
            "would use the generated one. Set secrets.apiSecret to reference, or drop tokens.jwksUri"
        )


def _marquez(settings: Settings) -> Iterator[str]:
    marquez = settings.marquez
    if marquez.has_own_database and (settings.environment == "prod" or settings.data_is_protected):
        why = "the environment is prod" if settings.environment == "prod" else "protectData is true"
        yield (
            f"marquez.enabled is true without marquez.databaseHost, and {why}, but the stack's own PostgreSQL has no "
            "backups, and its data go with the stack. Name one that is kept in marquez.databaseHost and "
            "marquez.databaseSecret, or a Marquez that is there in marquez.url"
        )
    if not marquez.database_encrypted and settings.secret_keys.marquez_ca_certificate is not None:
        yield (
            "marquez.databaseEncrypted is false, but secretKeys.marquezCaCertificate says what the server is verified "
            "by, which needs encryption. Set databaseEncrypted to true, or drop the certificate"
        )


def _export_bucket(artifacts: CompiledArtifacts, settings: Settings) -> Iterator[str]:
    given = artifacts.consumption.pre_aggregations.export_bucket
    if settings.export_bucket.manage == "reference" or not given.enabled:
        return
    create = "exportBucket.manage is create, but consumption.pre_aggregations.export_bucket in the artifacts"
    if given.bucket_type != "s3":
        yield (
            f"{create} is of the type {given.bucket_type}, and only buckets of Amazon S3 are made. "
            "Set manage to reference"
        )
    elif given.name is None or BUCKET_NAME.fullmatch(given.name) is None or given.region is None:
        yield (
            f"{create} has the name {shown(given.name)} and the region {shown(given.region)}. Give a bucket's name "
            "without scheme and folder, and its region, or set manage to reference"
        )
    elif given.name == (settings.bucket.name or artifacts.consumption.pre_aggregations.cube_store.s3_bucket):
        yield f"{create} has the name {given.name}, which is Cube Store's bucket. Name one of its own"


def _most_replicas(settings: Settings) -> int:
    return settings.api.max_replicas or settings.api.replicas
