"""BigQuery: https://cube.dev/docs/product/configuration/data-sources/google-bigquery."""

from __future__ import annotations

from floe_cube_infra.render.environment.properties import Properties, plain, read
from floe_cube_infra.render.environment.secret_references import Credentials, EnvironmentVariables


def bigquery(properties: Properties, credentials: Credentials) -> EnvironmentVariables:
    """A service account: its key in the Secret (base64, as Cube wants it), or a mounted `keyfile`.

    With neither, Google's client finds the account of the pod (Workload Identity).
    """
    return {
        **plain(
            properties,
            CUBEJS_DB_BQ_PROJECT_ID="project",
            CUBEJS_DB_BQ_LOCATION="location",
            CUBEJS_DB_BQ_KEY_FILE="keyfile",
        ),
        # Given both, the client takes the file.
        **(
            {}
            if read(properties, "keyfile")
            else credentials.references(CUBEJS_DB_BQ_CREDENTIALS=credentials.keys.credentials)
        ),
    }
