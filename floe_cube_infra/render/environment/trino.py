"""Trino: https://cube.dev/docs/product/configuration/data-sources/trino."""

from __future__ import annotations

from floe_cube_infra.render.environment.properties import Properties, plain, word
from floe_cube_infra.render.environment.secret_references import Credentials, EnvironmentVariables


def trino(properties: Properties, credentials: Credentials) -> EnvironmentVariables:
    """A user and a password; with `method` jwt a user and a token, with none a user alone.

    TLS with `http_scheme` https, or where the Secret has a CA's certificate.
    """
    keys, method = credentials.keys, word(properties, "method")
    is_encrypted = word(properties, "http_scheme") == "https" or keys.ca_certificate is not None
    login = {"CUBEJS_DB_USER": keys.username}
    # Cube refuses both a password and a token.
    if method == "jwt":
        login["CUBEJS_DB_PRESTO_AUTH_TOKEN"] = keys.token
    elif method != "none":
        login["CUBEJS_DB_PASS"] = keys.password
    return {
        **plain(properties, CUBEJS_DB_PRESTO_CATALOG="catalog"),
        **plain(
            properties,
            CUBEJS_DB_HOST="host",
            CUBEJS_DB_PORT="port",
            CUBEJS_DB_PRESTO_CATALOG="database",
            CUBEJS_DB_SCHEMA="schema",
        ),
        **({"CUBEJS_DB_SSL": "true", "CUBEJS_DB_SSL_REJECT_UNAUTHORIZED": "true"} if is_encrypted else {}),
        **(credentials.tls() if is_encrypted else {}),
        **credentials.references(**login),
    }
