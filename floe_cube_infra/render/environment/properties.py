"""What is read from `compute.properties`: they are free form, and a password among them must reach nothing.

Only listed keys are read, by the names that dbt's profiles have, and only values of the form that such a thing has:
`user:password@host` is no host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from floe_cube_infra.model.database import DatabaseType

Properties = Mapping[str, object]

_HOST: Final = re.compile(r"(?:https?://)?([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)/?")
_PORT: Final = re.compile(r"([1-9][0-9]{0,4})")
_NAME: Final = re.compile(r"([\w$][\w$. -]{0,254})")
_PATH: Final = re.compile(r"(/?[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)")
# Cube's driver for Databricks starts with no other one: parseDatabricksJdbcUrl wants the warehouse's id.
_WAREHOUSE: Final = re.compile(r"((?:/?[A-Za-z0-9_.-]+)+/warehouses/[A-Za-z0-9]+)")
_WORD: Final = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,63})")

_FORMS: Final[dict[str, tuple[re.Pattern[str], str]]] = {
    "host": (_HOST, "a host name"),
    "port": (_PORT, "a port"),
    "http_path": (_WAREHOUSE, "the path of a SQL warehouse, such as /sql/1.0/warehouses/ab12"),
    "keyfile": (_PATH, "a path"),
}
_OTHERS: Final = (_NAME, "a name: letters, digits, '_', '$', '.', '-' and blanks")

# What each database's file reads.
READ: Final[dict[DatabaseType, tuple[str, ...]]] = {
    "postgres": ("host", "port", "database", "dbname", "sslmode"),
    "snowflake": ("account", "warehouse", "role", "region", "database", "host", "authenticator"),
    "bigquery": ("project", "location", "keyfile"),
    "databricks": ("host", "http_path", "catalog", "database", "auth_type"),
    "trino": ("host", "port", "database", "catalog", "schema", "method", "http_scheme"),
}


def read(properties: Properties, key: str) -> str | None:
    """The value of a key, if it has the form that such a value has; else None."""
    value = properties.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    match = _form(key)[0].fullmatch(str(value))
    return match[1] if match else None


def word(properties: Properties, key: str) -> str:
    """The value of a key that only decides, in lower case; empty if it is none that could."""
    value = properties.get(key)
    return value.lower() if isinstance(value, str) and _WORD.fullmatch(value) else ""


def plain(properties: Properties, **keys: str) -> dict[str, str]:
    """Variables by name, each with the value of the property that is named for it."""
    found = {variable: read(properties, key) for variable, key in keys.items()}
    return {variable: value for variable, value in found.items() if value is not None}


def misread_properties(database: DatabaseType, properties: Properties) -> Iterator[str]:
    """A sentence for each listed property whose value can't be what it is called; the value itself is not shown."""
    for key in READ[database]:
        if properties.get(key) not in (None, "") and read(properties, key) is None:
            yield (
                f"compute.properties.{key} is not {_form(key)[1]}, and so Cube can't be told (what it is isn't shown "
                "here: it could be a credential, which belongs into the Secret of compute.connection_secret_ref)"
            )


def _form(key: str) -> tuple[re.Pattern[str], str]:
    return _FORMS.get(key, _OTHERS)
