"""The Secrets that the stack makes, or has made."""

from __future__ import annotations

import pulumi

from floe_cube_infra.components.external_secrets import ExternalSecrets, ExternalSecretsArgs
from floe_cube_infra.generation import Generated
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.render.environment.generated_secret import generated_secret_name


def make_secrets(
    name: str, settings: Settings, generated: Generated, *, namespace: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> list[pulumi.Resource]:
    """Makes them, and gives what pods have to wait for.

    Args:
        name: The layer's name.
        settings: The stack's settings.
        generated: What was generated.
        namespace: The namespace.
        opts: The options of what is made.
    """
    made: list[pulumi.Resource] = []
    secrets = settings.secrets
    if secrets.generated is not None:
        # Only now: a stack without generated keys doesn't wait for the SDK.
        from floe_cube_infra.components.api_secret import ApiSecret, ApiSecretArgs  # noqa: PLC0415

        api_secret = ApiSecretArgs(
            secret=generated_secret_name(generated.config.api_secret_ref, secrets.generated),
            namespace=namespace,
            instance=settings.namespace,
            generations=secrets.generated,
        )
        made.append(ApiSecret(f"{name}-api-secret", api_secret, opts=opts))
    if secrets.external and secrets.store is not None:
        external = ExternalSecretsArgs(
            namespace=namespace,
            instance=settings.namespace,
            store=secrets.store,
            store_kind=secrets.store_kind,
            refresh_interval=secrets.refresh_interval,
            secrets=secrets.external,
        )
        made.append(ExternalSecrets(f"{name}-external", external, opts=opts))
    return made
