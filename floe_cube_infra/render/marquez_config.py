"""Marquez's configuration file.

What it understands: https://github.com/MarquezProject/marquez/blob/0.51.1/marquez.example.yml, and for server,
database and logging https://www.dropwizard.io/en/release-2.1.x/manual/configuration.html
"""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import urlencode

from floe_cube_infra.model.frozen import Frozen

USER_VARIABLE: Final = "POSTGRES_USER"
PASSWORD_VARIABLE: Final = "POSTGRES_PASSWORD"  # noqa: S105 - the name of a variable

# PostgreSQL takes 100 by default, and while Marquez rolls there are twice as many pods.
_MOST_CONNECTIONS: Final = 20


class DatabaseAddress(Frozen):
    """The PostgreSQL that Marquez keeps lineage in; who logs in is in variables.

    Attributes:
        host: Its host.
        port: Its port.
        name: The database.
        encrypted: Whether connections are encrypted.
        ca_file: The certificate (PEM) that the server is verified by; None doesn't verify it.
    """

    host: str
    port: int
    name: str
    encrypted: bool
    ca_file: str | None = None

    def jdbc_url(self) -> str:
        """Its address (https://jdbc.postgresql.org/documentation/use/)."""
        if not self.encrypted:
            parameters = {"sslmode": "disable"}
        elif self.ca_file is None:
            parameters = {"sslmode": "require"}
        else:
            parameters = {"sslmode": "verify-full", "sslrootcert": self.ca_file}
        return f"jdbc:postgresql://{self.host}:{self.port}/{self.name}?{urlencode(parameters, safe='/')}"


def render_marquez_config(database: DatabaseAddress, *, port: int, admin_port: int, retention_days: int) -> str:
    """The file, YAML; ends with a line break.

    Args:
        database: Where lineage is kept.
        port: Where it takes lineage and answers for it.
        admin_port: Where it tells of its health and its metrics.
        retention_days: Days until what was no longer told of is gone.
    """
    document = {
        "server": {
            "applicationConnectors": [_connector(port)],
            "adminConnectors": [_connector(admin_port)],
        },
        "db": {
            "driverClass": "org.postgresql.Driver",
            "url": database.jdbc_url(),
            "user": _variable(USER_VARIABLE),
            "password": _variable(PASSWORD_VARIABLE),
            "initialSize": 1,
            "minSize": 1,
            "maxSize": _MOST_CONNECTIONS,
        },
        "migrateOnStartup": True,
        "dbRetention": {"frequencyMins": 15, "numberOfRowsPerBatch": 1000, "retentionDays": retention_days},
        # Its web pages ask REST only.
        "graphql": {"enabled": False},
        # It would need an OpenSearch.
        "search": {"enabled": False},
        "logging": {"level": "INFO", "appenders": [{"type": "console"}]},
    }
    return _with_quoted_variables(json.dumps(document, indent=2)) + "\n"


def _connector(port: int) -> dict[str, object]:
    # Names of datasets hold slashes, which the newer standard refuses in an address.
    return {"type": "http", "port": port, "httpCompliance": "RFC7230_LEGACY"}


def _variable(name: str) -> str:
    return f"${{{name}}}"


def _with_quoted_variables(text: str) -> str:
    """Marquez puts values in before it reads the file: in single quotes, of all characters only those end a text."""
    for name in (USER_VARIABLE, PASSWORD_VARIABLE):
        text = text.replace(f'"{_variable(name)}"', f"'{_variable(name)}'")
    return text
