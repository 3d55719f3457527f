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
        token: In the same Secret: the token for Databricks, Trino (`method: jwt`) or Snowflake (`oauth`).
        credentials: In the same Secret: the key of a BigQuery service account, a JSON document in base64; also
            in the Secret that `secret_key_ref` of a GCS export bucket names.
        client_id: In the same Secret: the client of a Databricks service principal (`auth_type: oauth`).
        client_secret: In the same Secret: its secret.
        private_key: In the same Secret: the private key (PEM) for Snowflake (`authenticator: snowflake_jwt`).
        private_key_passphrase: In the same Secret: what that key is encrypted with, if it is.
        ca_certificate: In the same Secret: the certificate (PEM) that PostgreSQL or Trino is verified by; given,
            connections are encrypted and verified.
        client_certificate: In the same Secret: the certificate that Cube shows to the database.
        client_key: In the same Secret: its key.
        s3_access_key: In the Secret that `cube_store.s3_access_key_ref` names, or the export bucket's `access_key_ref`:
            the access key's id.
        s3_secret_key: In the Secret that `cube_store.s3_secret_key_ref` names, or the export bucket's `secret_key_ref`:
            the secret access key.
        marquez_username: In the Secret that `marquez.databaseSecret` names: the user.
        marquez_password: In the same Secret: the password; without `'` and `${` in it, which Marquez would misread.
        marquez_ca_certificate: In the same Secret: the certificate (PEM) that Marquez's database is verified by.
    """

    api_secret_name: str = "cube-api"  # noqa: S105 - the name of a Secret
    api_secret: str = "secret"  # noqa: S105 - the name of a key
    username: str = "username"
    password: str = "password"  # noqa: S105 - the name of a key
    token: str = "token"  # noqa: S105 - the name of a key
    credentials: str = "credentials"
    client_id: str = "client-id"
    client_secret: str = "client-secret"  # noqa: S105 - the name of a key
    private_key: str = "private-key"
    private_key_passphrase: str | None = None
    ca_certificate: str | None = None
    client_certificate: str | None = None
    client_key: str | None = None
    s3_access_key: str = "AWS_ACCESS_KEY_ID"
    s3_secret_key: str = "AWS_SECRET_ACCESS_KEY"  # noqa: S105 - the name of a key
    marquez_username: str = "username"
    marquez_password: str = "password"  # noqa: S105 - the name of a key
    marquez_ca_certificate: str | None = None


def check_secret_name(reference: str, where: str) -> str | None:
    """What is wrong with a Secret's name, if anything: the contract allows more than Kubernetes does."""
    if is_dns_subdomain(reference):
        return None
    return (
        f"{where}: {shown(reference)} is no name that Kubernetes allows for a Secret; "
        "allowed are lower-case letters, digits, '-' and '.'"
    )
