"""PostgreSQL: https://cube.dev/docs/product/configuration/data-sources/postgres."""

from __future__ import annotations

from typing import Final

from floe_cube_infra.render.environment.properties import Properties, plain, word
from floe_cube_infra.render.environment.secret_references import Credentials, EnvironmentVariables

# libpq's modes: whether the connection is encrypted for certain, and whether the server's certificate is verified.
_ENCRYPTED: Final = {"require": "false", "verify-ca": "true", "verify-full": "true"}


def postgres(properties: Properties, credentials: Credentials) -> EnvironmentVariables:
    """A user and a password; TLS by `sslmode`, or where the Secret has a CA's certificate."""
    keys = credentials.keys
    verified = _ENCRYPTED.get(word(properties, "sslmode"), "true" if keys.ca_certificate else None)
    return {
        **plain(properties, CUBEJS_DB_NAME="dbname"),
        **plain(properties, CUBEJS_DB_HOST="host", CUBEJS_DB_PORT="port", CUBEJS_DB_NAME="database"),
        **({"CUBEJS_DB_SSL": "true", "CUBEJS_DB_SSL_REJECT_UNAUTHORIZED": verified} if verified else {}),
        **(credentials.tls() if verified else {}),
        **credentials.references(CUBEJS_DB_USER=keys.username, CUBEJS_DB_PASS=keys.password),
    }
