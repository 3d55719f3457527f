"""Which Secrets there are, and the keys in them; never a value."""

from __future__ import annotations

from floe_cube_infra.inputs.problems import shown
from floe_cube_infra.inputs.settings.section import Section
from floe_cube_infra.naming import is_dns_subdomain


class SecretKeySettings(Section):
    """The keys under which Secrets hold what Cube needs.

    Attributes:
        api_secret_name: The Secret with the key that signs tokens, where the artifacts name none.
        api_secret: In the Secret that `consumption.api_secret_ref` names: the key that signs tokens.
        username: In the Secret that `compute.connection_secret_ref` names (as in `kubernetes.io/basic-auth`).
        password: In the same Secret.
        s3_access_key: In the Secret that `cube_store.s3_access_key_ref` names: the access key's id.
        s3_secret_key: In the Secret that `cube_store.s3_secret_key_ref` names: the secret access key.
    """

    api_secret_name: str = "cube-api"  # noqa: S105 - the name of a Secret
    api_secret: str = "secret"  # noqa: S105 - the name of a key
    username: str = "username"
    password: str = "password"  # noqa: S105 - the name of a key
    s3_access_key: str = "AWS_ACCESS_KEY_ID"
    s3_secret_key: str = "AWS_SECRET_ACCESS_KEY"  # noqa: S105 - the name of a key


def check_secret_name(reference: str, where: str) -> str | None:
    """What is wrong with a Secret's name, if anything: the contract allows more than Kubernetes does."""
    if is_dns_subdomain(reference):
        return None
    return (
        f"{where}: {shown(reference)} is no name that Kubernetes allows for a Secret; "
        "allowed are lower-case letters, digits, '-' and '.'"
    )
