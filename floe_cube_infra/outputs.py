"""The stack's outputs: what other stacks and people read."""

from __future__ import annotations

import pulumi

from floe_cube_infra.components.consumption_layer import ConsumptionLayer
from floe_cube_infra.generation import Generated
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.render.environment.generated_secret import generated_secret_name

REST_PATH = "/cubejs-api/v1"
GRAPHQL_PATH = "/cubejs-api/graphql"


def export_disabled() -> None:
    """The outputs of a stack whose artifacts switch the consumption layer off."""
    pulumi.log.info("consumption.enabled is false in the artifacts: this stack is empty.")
    pulumi.export("status", "disabled")


def export_outputs(layer: ConsumptionLayer, settings: Settings, generated: Generated) -> None:
    """Exports what other stacks read.

    status: "enabled", or "disabled" and nothing else.
    namespace: the Kubernetes namespace.
    restEndpoint, graphqlEndpoint: URLs within the cluster.
    sqlEndpoint: a Postgres URL within the cluster, without user; null while the SQL API is off.
    apiSecretName: the Secret with the key that signs tokens, never its value.
    modelVersion: a hash of the model; equal models have equal versions.
    counts: what was read and generated, each by name.
    renderDirectory: the folder with the rendered manifests, where they are rendered.
    """
    counts = generated.counts
    if counts.errors or counts.warnings:
        # Never as Pulumi's errors, which would fail the update: what serves is safe, and less than was meant.
        pulumi.log.warn(
            f"{counts.errors} error(s) and {counts.warnings} warning(s) about the dbt project; "
            f"`floe-cube check --stack-file stacks/Pulumi.{pulumi.get_stack()}.yaml` lists them.",
            layer,
        )
    api = pulumi.Output.concat("http://", layer.host, f":{layer.api_port}")
    pulumi.export("status", "enabled")
    pulumi.export("namespace", layer.namespace)
    pulumi.export("restEndpoint", api.apply(lambda url: url + REST_PATH))
    pulumi.export("graphqlEndpoint", api.apply(lambda url: url + GRAPHQL_PATH))
    pulumi.export("sqlEndpoint", _sql_endpoint(layer))
    pulumi.export("apiSecretName", _api_secret_name(settings, generated))
    pulumi.export("modelVersion", generated.files.model_version)
    pulumi.export("counts", counts.model_dump())
    if settings.kubernetes.render_directory is not None:
        pulumi.export("renderDirectory", settings.kubernetes.render_directory)


def _api_secret_name(settings: Settings, generated: Generated) -> str | None:
    if settings.secrets.generated is not None:
        return generated_secret_name(generated.config.api_secret_ref, settings.secrets.generated)
    return generated.config.api_secret_ref


def _sql_endpoint(layer: ConsumptionLayer) -> pulumi.Output[str] | None:
    if layer.sql_port is None:
        return None
    return pulumi.Output.concat("postgresql://", layer.host, f":{layer.sql_port}/cube")
