"""Where Kubernetes finds what is secret."""

from __future__ import annotations

from floe_cube_infra.model.frozen import Frozen


class SecretKeys(Frozen):
    """The keys under which Secrets hold what Cube needs; see the settings of the same names."""

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


class SecretKeyRef(Frozen):
    """A key of a Kubernetes Secret."""

    secret: str
    key: str


EnvironmentVariables = dict[str, str | SecretKeyRef]
"""Variables by name: a plain value, or where Kubernetes finds the secret one."""


class Credentials(Frozen):
    """The Secret with a warehouse's credentials.

    Attributes:
        secret: Its name; None where there is none, and then there are no references.
        keys: The keys in it.
    """

    secret: str | None
    keys: SecretKeys

    def references(self, **keys: str | None) -> EnvironmentVariables:
        """References by the variables' names; a key that is None gives none."""
        if self.secret is None:
            return {}
        return {name: SecretKeyRef(secret=self.secret, key=key) for name, key in keys.items() if key is not None}

    def tls(self) -> EnvironmentVariables:
        """The certificates that Cube's drivers verify the server by, and show it: PEM, in the Secret."""
        return self.references(
            CUBEJS_DB_SSL_CA=self.keys.ca_certificate,
            CUBEJS_DB_SSL_CERT=self.keys.client_certificate,
            CUBEJS_DB_SSL_KEY=self.keys.client_key,
        )
