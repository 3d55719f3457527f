"""Every variable that is emitted is one that Cube's own packages read."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from floe_cube_infra.local_cube.node import find_node
from floe_cube_infra.local_cube.packages import own_lock, provide_packages
from floe_cube_infra.model.cube_config import CubeConfig
from floe_cube_infra.model.database import DATABASE_TYPES, DatabaseType
from floe_cube_infra.model.gateway import Gateway
from floe_cube_infra.render.environment import ExportBucketSource, SecretKeyRef, SecretKeys, cube_environment
from floe_cube_infra.render.environment.properties import READ

pytestmark = pytest.mark.real

OF_NODE = {"NODE_ENV", "NODE_OPTIONS"}
PACKAGES: dict[DatabaseType, tuple[str, ...]] = {
    "postgres": ("postgres-driver",),
    "snowflake": ("snowflake-driver",),
    "bigquery": ("bigquery-driver",),
    "databricks": ("databricks-jdbc-driver", "jdbc-driver"),
    "trino": ("trino-driver", "prestodb-driver"),
}
REF = SecretKeyRef(secret="s", key="k")


@pytest.fixture(scope="session")
def installed() -> list[Path]:
    """The packages of Cube's server and of its drivers, by folder."""
    node = find_node()
    return [provide_packages(own_lock(name), node) / "@cubejs-backend" for name in ("cube", "drivers")]


def source(installed: list[Path], *packages: str) -> str:
    """The JavaScript of some packages."""
    files = [
        file
        for package, folder in itertools.product(packages, installed)
        for file in (folder / package).glob("dist/**/*.js")
    ]
    assert files, packages
    return "\n".join(file.read_text(errors="replace") for file in files)


def emitted(database: DatabaseType) -> Iterator[set[str]]:
    """The variables' names, in every way to log in and with every kind of bucket."""
    keys = SecretKeys(private_key_passphrase="p", ca_certificate="ca", client_certificate="crt", client_key="key")
    values = dict.fromkeys(READ[database], "x1") | {"port": "1"}
    ways = [
        {},
        {"authenticator": "snowflake_jwt"},
        {"authenticator": "oauth"},
        {"auth_type": "oauth"},
        {"method": "jwt"},
    ]
    ways += [{"keyfile": None}, {"sslmode": "verify-full"}, {"http_scheme": "https"}]
    buckets = [
        None,
        ExportBucketSource(kind="s3", name="b", region="r", access_key=REF, secret_key=REF, integration="i"),
        ExportBucketSource(kind="gcs", name="b", secret_key=REF),
    ]
    config = CubeConfig(database_type=database, api_secret_ref="cube-api", dev_mode=True)
    for way, bucket in itertools.product(ways, buckets):
        yield set(
            cube_environment(config, Gateway(), {**values, **way}, "s", keys, sql_api=True, heap_mib=1, bucket=bucket)
        )


@pytest.mark.parametrize("database", DATABASE_TYPES)
def test_cube_reads_every_variable_that_it_is_given(installed: list[Path], database: DatabaseType) -> None:
    names = set.union(*emitted(database)) - OF_NODE
    assert len(names) > 12
    read = source(installed, "shared", "base-driver", "server", "server-core", "cubestore-driver", *PACKAGES[database])
    assert {name for name in names if not re.search(rf"""['"`]{name}['"`]""", read)} == set()


@pytest.mark.parametrize("database", DATABASE_TYPES)
def test_the_databases_type_is_one_that_cube_has_a_driver_for(installed: list[Path], database: DatabaseType) -> None:
    config = CubeConfig(database_type=database)
    kind = cube_environment(config, Gateway(), {}, None, SecretKeys(), sql_api=False, heap_mib=1)["CUBEJS_DB_TYPE"]
    known = source(installed, "server-core")
    assert re.search(rf"""^    '?{kind}'?: '@cubejs-backend/{PACKAGES[database][0]}'""", known, re.MULTILINE)


@pytest.mark.parametrize("database", DATABASE_TYPES)
def test_what_a_driver_is_given_of_its_own_it_reads_itself(installed: list[Path], database: DatabaseType) -> None:
    """A variable of another driver's would be in `shared`, too, and do nothing."""
    getters = dict(
        re.findall(
            r"^    (\w+): \([^\n]*?(?:\n(?!    \w+: ).*?)?keyByDataSource\('(CUBEJS_DB_\w+)'",
            source(installed, "shared"),
            re.M,
        )
    )
    by_variable: dict[str, set[str]] = {}
    for getter, variable in getters.items():
        by_variable.setdefault(variable, set()).add(getter)
    own = source(installed, *PACKAGES[database], "base-driver")
    common = {"CUBEJS_DB_TYPE", "CUBEJS_DB_QUERY_LIMIT", "CUBEJS_DB_QUERY_TIMEOUT"}
    names = {name for name in set.union(*emitted(database)) if name.startswith("CUBEJS_DB_")} - common
    unread = {
        name
        for name in names
        if name not in own and not any(f"'{getter}'" in own for getter in by_variable.get(name, ()))
    }
    assert unread == set()
