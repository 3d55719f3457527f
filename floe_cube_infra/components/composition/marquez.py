"""Args of Marquez."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from floe_cube_infra.components.marquez import addresses
from floe_cube_infra.components.marquez.marquez import MarquezArgs
from floe_cube_infra.components.marquez.server import DatabaseAccess, MarquezServerArgs
from floe_cube_infra.components.marquez.web import MarquezWebArgs
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.inputs.images import image
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.naming import MARQUEZ
from floe_cube_infra.render.environment import SecretKeyRef

if TYPE_CHECKING:
    from floe_cube_infra.components.marquez.database import MarquezDatabaseArgs


def marquez_endpoint(settings: Settings, namespace: pulumi.Output[str]) -> pulumi.Input[str] | None:
    """Where the cluster finds Marquez; None where the stack knows none.

    Args:
        settings: The stack's settings.
        namespace: The namespace.
    """
    if settings.marquez.url is not None or not settings.marquez.enabled:
        return settings.marquez.url
    return pulumi.Output.concat("http://", MARQUEZ, ".", namespace, f".svc:{addresses.API_PORT}")


def marquez_args(settings: Settings, *, namespace: pulumi.Input[str]) -> MarquezArgs:
    """Args of Marquez.

    Args:
        settings: The stack's settings.
        namespace: The namespace.
    """
    marquez = settings.marquez
    server = MarquezServerArgs(
        namespace=namespace,
        instance=settings.namespace,
        image=image("marquez", settings.images),
        pull_secrets=settings.images.pull_secrets,
        replicas=marquez.replicas,
        size=Size(cpu=marquez.cpu, memory_mib=marquez.memory),
        retention_days=marquez.retention_days,
        database=_database_access(MARQUEZ, settings),
    )
    web = MarquezWebArgs(
        namespace=namespace,
        instance=settings.namespace,
        image=image("marquez_web", settings.images),
        pull_secrets=settings.images.pull_secrets,
        marquez=MARQUEZ,
    )
    return MarquezArgs(
        database=_own_database(settings, namespace) if marquez.has_own_database else None,
        server=server,
        web=web if marquez.web else None,
    )


def _database_access(name: str, settings: Settings) -> DatabaseAccess:
    marquez, keys = settings.marquez, settings.secret_keys
    if marquez.database_host is None or marquez.database_secret is None:
        host = addresses.database_name(name)
        return DatabaseAccess(
            host=host,
            port=addresses.DATABASE_PORT,
            name=addresses.DATABASE,
            encrypted=False,
            user=SecretKeyRef(secret=host, key=addresses.USERNAME_KEY),
            password=SecretKeyRef(secret=host, key=addresses.PASSWORD_KEY),
        )
    secret, ca_certificate = marquez.database_secret, keys.marquez_ca_certificate
    return DatabaseAccess(
        host=marquez.database_host,
        port=marquez.database_port,
        name=marquez.database_name,
        encrypted=marquez.database_encrypted,
        user=SecretKeyRef(secret=secret, key=keys.marquez_username),
        password=SecretKeyRef(secret=secret, key=keys.marquez_password),
        ca_certificate=SecretKeyRef(secret=secret, key=ca_certificate) if ca_certificate is not None else None,
    )


def _own_database(settings: Settings, namespace: pulumi.Input[str]) -> MarquezDatabaseArgs:
    # Only now: a stack without generated passwords doesn't wait for the SDK.
    from floe_cube_infra.components.marquez.database import MarquezDatabaseArgs  # noqa: PLC0415

    return MarquezDatabaseArgs(
        namespace=namespace,
        instance=settings.namespace,
        image=image("postgres", settings.images),
        pull_secrets=settings.images.pull_secrets,
        volume_gib=settings.marquez.database_volume,
        storage_class=settings.marquez.storage_class,
    )
