"""The warehouse as lineage names it: checked against OpenLineage's own classes of names."""

from __future__ import annotations

import pytest
from openlineage.client.naming.dataset import BigQuery, Postgres, Snowflake, Trino

from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.dataset_lineage import WarehouseNames
from floe_cube_infra.render.warehouse_names import warehouse_names
from floe_cube_infra.translate.dataset_lineage import table_dataset


@pytest.mark.parametrize(
    ("database", "properties", "expected"),
    [
        ("postgres", {"host": "db", "port": 5433, "dbname": "shop"}, Postgres("db", "5433", "shop", "s", "t")),
        ("postgres", {"host": "db", "database": "shop"}, Postgres("db", "5432", "shop", "s", "t")),
        ("snowflake", {"account": "org-acc", "database": "SHOP"}, Snowflake("org", "acc", "SHOP", "s", "t")),
        ("bigquery", {"project": "shop-1"}, BigQuery("shop-1", "s", "t")),
        ("trino", {"host": "trino", "port": 443, "catalog": "hive"}, Trino("trino", "443", "hive", "s", "t")),
    ],
)
def test_tables_are_named_as_openlineage_names_them(
    database: DatabaseType,
    properties: dict[str, object],
    expected: Postgres | Snowflake | BigQuery | Trino,
) -> None:
    found = table_dataset("s.t", warehouse_names(database, properties))
    assert (found.namespace, found.name) == (expected.get_namespace(), expected.get_name())


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ("xy12345", "xy12345.us-west-1.aws"),
        ("xy12345.us-east-2", "xy12345.us-east-2.aws"),
        ("xy12345.east-us-2.azure", "xy12345.east-us-2.azure"),
        ("org-account.us-east-2", "org-account"),
    ],
)
def test_an_account_of_snowflake_is_named_as_dbts_integration_names_it(account: str, expected: str) -> None:
    assert warehouse_names("snowflake", {"account": account}).namespace == f"snowflake://{expected}"


@pytest.mark.parametrize("database", ["postgres", "snowflake", "databricks", "trino"])
def test_an_address_that_is_a_secret_stays_out(database: DatabaseType) -> None:
    properties = {"host": "ada:hunter2@db", "account": "ada:hunter2@x", "database": "a:b@c"}
    assert warehouse_names(database, properties) == WarehouseNames(namespace=database)


def test_databricks_is_named_by_its_host() -> None:
    assert warehouse_names("databricks", {"host": "adb.net"}).namespace == "databricks://adb.net"


@pytest.mark.parametrize(
    ("sql_table", "name"),
    [
        ('"shop"."public"."orders"', "shop.public.orders"),
        ("`shop-1`.`sales`.`orders`", "shop-1.sales.orders"),
        ("`shop-1.sales.orders`", "shop-1.sales.orders"),
        ('public."Odd ""name"""', 'db.public.Odd "name"'),
        ("public.orders", "db.public.orders"),
    ],
)
def test_quotes_are_no_part_of_a_tables_name(sql_table: str, name: str) -> None:
    assert table_dataset(sql_table, WarehouseNames(namespace="n", database="db")).name == name
