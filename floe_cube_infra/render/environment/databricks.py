"""Databricks: https://cube.dev/docs/product/configuration/data-sources/databricks-jdbc."""

from __future__ import annotations

from floe_cube_infra.render.environment.properties import Properties, plain, read, word
from floe_cube_infra.render.environment.secret_references import Credentials, EnvironmentVariables


def databricks(properties: Properties, credentials: Credentials) -> EnvironmentVariables:
    """A token of a user; with `auth_type` oauth the client of a service principal."""
    keys, url = credentials.keys, _url(properties)
    if word(properties, "auth_type") == "oauth":
        login = credentials.references(
            CUBEJS_DB_DATABRICKS_OAUTH_CLIENT_ID=keys.client_id,
            CUBEJS_DB_DATABRICKS_OAUTH_CLIENT_SECRET=keys.client_secret,
        )
    else:
        login = credentials.references(CUBEJS_DB_DATABRICKS_TOKEN=keys.token)
    return {
        **plain(properties, CUBEJS_DB_DATABRICKS_CATALOG="catalog", CUBEJS_DB_NAME="database"),
        **({"CUBEJS_DB_DATABRICKS_URL": url} if url else {}),
        **login,
    }


def _url(properties: Properties) -> str | None:
    """Where the SQL warehouse is; how one logs in there, the driver adds itself.

    Both parts must be what they are called, since the URL would take a password after a semicolon.
    """
    host, path = read(properties, "host"), read(properties, "http_path")
    if host is None or path is None:
        return None
    return f"jdbc:databricks://{host}:443/default;transportMode=http;ssl=1;httpPath={path}"
