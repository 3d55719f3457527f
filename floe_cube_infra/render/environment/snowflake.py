"""Snowflake: https://cube.dev/docs/product/configuration/data-sources/snowflake."""

from __future__ import annotations

from floe_cube_infra.render.environment.properties import Properties, plain, word
from floe_cube_infra.render.environment.secret_references import Credentials, EnvironmentVariables


def snowflake(properties: Properties, credentials: Credentials) -> EnvironmentVariables:
    """A user with a password; with `authenticator` SNOWFLAKE_JWT a key pair, with OAUTH a token."""
    return {
        **plain(
            properties,
            CUBEJS_DB_SNOWFLAKE_ACCOUNT="account",
            CUBEJS_DB_SNOWFLAKE_WAREHOUSE="warehouse",
            CUBEJS_DB_SNOWFLAKE_ROLE="role",
            CUBEJS_DB_SNOWFLAKE_REGION="region",
            CUBEJS_DB_SNOWFLAKE_HOST="host",
            CUBEJS_DB_NAME="database",
        ),
        **_login(word(properties, "authenticator"), credentials),
    }


def _login(authenticator: str, credentials: Credentials) -> EnvironmentVariables:
    keys = credentials.keys
    if authenticator == "snowflake_jwt":
        return {
            "CUBEJS_DB_SNOWFLAKE_AUTHENTICATOR": "SNOWFLAKE_JWT",
            **credentials.references(
                CUBEJS_DB_USER=keys.username,
                CUBEJS_DB_SNOWFLAKE_PRIVATE_KEY=keys.private_key,
                CUBEJS_DB_SNOWFLAKE_PRIVATE_KEY_PASS=keys.private_key_passphrase,
            ),
        }
    if authenticator == "oauth":
        return {
            "CUBEJS_DB_SNOWFLAKE_AUTHENTICATOR": "OAUTH",
            **credentials.references(CUBEJS_DB_SNOWFLAKE_OAUTH_TOKEN=keys.token),
        }
    return credentials.references(CUBEJS_DB_USER=keys.username, CUBEJS_DB_PASS=keys.password)
