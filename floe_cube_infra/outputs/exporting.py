"""Exports the stack's outputs."""

from __future__ import annotations

from typing import Final

import pulumi

from floe_cube_infra.components.bucket_policies import partition_in
from floe_cube_infra.components.composition.export_bucket import MadeExportBucket
from floe_cube_infra.components.composition.kept_data import MANAGED_BUCKETS, KeptData
from floe_cube_infra.components.consumption_layer import ConsumptionLayer
from floe_cube_infra.components.flows import API
from floe_cube_infra.components.object_storage import ObjectStorage
from floe_cube_infra.components.public_endpoint import PATH
from floe_cube_infra.generation import Generated
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.model.stack_outputs import VERSION, StackOutputs
from floe_cube_infra.naming import recommended_labels
from floe_cube_infra.outputs.secret_names import secret_names
from floe_cube_infra.render.environment import ExportBucketSource

REST: Final = "/v1"
GRAPHQL: Final = "/graphql"


def export_disabled(kept: KeptData | None) -> None:
    """The outputs of a stack whose artifacts switch the consumption layer off."""
    pulumi.export("version", VERSION)
    pulumi.export("status", "disabled")
    if kept is None or kept.buckets is None:
        _say_what_is_kept([])
    else:
        pulumi.export(MANAGED_BUCKETS, kept.buckets.apply(_say_what_is_kept))


def _say_what_is_kept(buckets: list[str]) -> list[str]:
    rest = f"keeps nothing but its data, the bucket {' and the bucket '.join(buckets)}" if buckets else "is empty"
    pulumi.log.info(f"consumption.enabled is false in the artifacts: this stack {rest}.")
    return buckets


def export_outputs(layer: ConsumptionLayer, settings: Settings, generated: Generated) -> None:
    """Exports what other stacks read, as `StackOutputs` says."""
    counts = generated.counts
    if counts.errors or counts.warnings:
        # Never as Pulumi's errors, which would fail the update: what serves is safe, and less than was meant.
        pulumi.log.warn(
            f"{counts.errors} error(s) and {counts.warnings} warning(s) about the dbt project; "
            f"`floe-cube check --stack-file stacks/Pulumi.{pulumi.get_stack()}.yaml` lists them.",
            layer,
        )
    for name, value in stack_outputs(layer, settings, generated).items():
        pulumi.export(name, value)


def stack_outputs(layer: ConsumptionLayer, settings: Settings, generated: Generated) -> dict[str, pulumi.Input[object]]:
    """The outputs by name, without those that don't apply."""
    inside = pulumi.Output.concat("http://", layer.host, f":{layer.api_port}{PATH}")
    secrets = secret_names(settings, generated, layer.storage)
    told: dict[str, pulumi.Input[object] | None] = {
        "version": VERSION,
        "status": "enabled",
        "environment": settings.environment,
        "namespace": layer.namespace,
        "rest_endpoint": pulumi.Output.concat(inside, REST),
        "graphql_endpoint": pulumi.Output.concat(inside, GRAPHQL),
        "sql_endpoint": None if layer.sql_port is None else _sql_endpoint(layer.host, layer.sql_port),
        "sql_endpoints": {
            organization: _sql_endpoint(host, generated.config.sql_port)
            for organization, host in layer.organization_sql_hosts.items()
        }
        or None,
        "sql_tls": settings.sql_api != "off" and settings.sql.tls_secret is not None,
        "public_rest_endpoint": None if layer.public_url is None else layer.public_url + REST,
        "public_graphql_endpoint": None if layer.public_url is None else layer.public_url + GRAPHQL,
        "api_service_name": layer.api_service_name,
        "api_port": layer.api_port,
        "sql_port": layer.sql_port,
        "api_pod_labels": recommended_labels(API.name, settings.namespace),
        "cube_store_service_name": layer.cube_store_service_name,
        "api_secret_name": next(iter(secrets.tokens), None),
        "secret_names": secrets.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        **_bucket(layer.storage),
        "managed_buckets": layer.managed_buckets or None,
        **_export_bucket(layer.export_bucket, generated.export_bucket),
        "collector_endpoint": layer.collector_endpoint,
        "marquez_endpoint": layer.marquez_endpoint,
        "model_version": generated.files.model_version,
        "counts": generated.counts.model_dump(),
        "render_directory": settings.kubernetes.render_directory,
    }
    aliases = {name: str(field.alias) for name, field in StackOutputs.model_fields.items()}
    return {aliases[name]: value for name, value in told.items() if value is not None}


def _sql_endpoint(host: pulumi.Input[str], port: int) -> pulumi.Output[str]:
    return pulumi.Output.concat("postgresql://", host, f":{port}/cube")


def _bucket(storage: ObjectStorage | None) -> dict[str, pulumi.Input[object] | None]:
    if storage is None:
        return {}
    return {
        "bucket_name": storage.bucket,
        "bucket_arn": None if storage.endpoint is not None else _bucket_arn(storage.bucket, storage.region),
        "bucket_role_arn": storage.role_arn,
    }


def _export_bucket(made: MadeExportBucket, given: ExportBucketSource | None) -> dict[str, pulumi.Input[object] | None]:
    if given is None:
        return {}
    name = given.name if made.bucket is None else made.bucket
    return {
        "export_bucket_name": name,
        "export_bucket_arn": _bucket_arn(name, given.region) if given.kind == "s3" else None,
        "export_bucket_role_arn": made.role_arn,
    }


def _bucket_arn(bucket: pulumi.Input[str], region: pulumi.Input[str] | None) -> pulumi.Output[str]:
    partition = pulumi.Output.from_input(region).apply(lambda known: partition_in(known or ""))
    return pulumi.Output.concat("arn:", partition, ":s3:::", bucket)
