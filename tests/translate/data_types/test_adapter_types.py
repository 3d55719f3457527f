"""Types in the manifests of adapters that this project doesn't provision for."""

from __future__ import annotations

import pytest

from floe_cube_infra.model.database import DATABASE_TYPES, DatabaseType
from floe_cube_infra.translate.data_types import adapter_dimension_type, dimension_type


@pytest.mark.parametrize(
    ("spelling", "adapter", "expected"),
    [
        ("HUGEINT", "duckdb", "number"),
        ("UBIGINT", "duckdb", "number"),
        ("TIMESTAMP_S", "duckdb", "time"),
        ("TIMESTAMP WITH TIME ZONE", "duckdb", "time"),
        ("DECIMAL(18,3)", "duckdb", "number"),
        ("ENUM('sad', 'ok', 'happy')", "duckdb", "string"),
        ("STRUCT(a INTEGER, b VARCHAR)[]", "duckdb", "string"),
        ("UNION(num INTEGER, str VARCHAR)", "duckdb", "string"),
        ("LOGICAL", "duckdb", "boolean"),
        ("SUPER", "redshift", "string"),
        ("character varying(256)", "redshift", "string"),
        ("character varying(256) ENCODE lzo", "redshift", "string"),
        ("HLLSKETCH", "redshift", "string"),
        ("binary varying(64)", "redshift", "string"),
        ("double precision", "redshift", "number"),
        ("timestamptz", "redshift", "time"),
        ("long", "spark", "number"),
        ("timestamp_ntz", "spark", "time"),
        ("int8", "greenplum", "number"),
        ("jsonb", "Materialize", "string"),
    ],
)
def test_an_adapter_is_read_by_its_own_table(spelling: str, adapter: str, expected: str) -> None:
    assert adapter_dimension_type(spelling, adapter) == expected


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("int4", "number"),
        ("NUMBER(38,0)", "number"),
        ("INT64", "number"),
        ("timestamp_ltz", "time"),
        ("hyperloglog", "string"),
        ("uhugeint", "number"),
        ("super", "string"),
    ],
)
def test_an_unknown_adapter_is_read_by_whichever_table_knows_the_name(spelling: str, expected: str) -> None:
    assert adapter_dimension_type(spelling, "dremio") == expected


@pytest.mark.parametrize("adapter", ["duckdb", "dremio", ""])
def test_a_name_that_no_table_has_is_not_known(adapter: str) -> None:
    assert adapter_dimension_type("order_status", adapter) is None


def test_a_known_adapter_does_not_borrow_names_from_other_warehouses() -> None:
    assert adapter_dimension_type("hugeint", "duckdb") == "number"
    assert adapter_dimension_type("hugeint", "spark") is None


@pytest.mark.parametrize("database", DATABASE_TYPES)
def test_an_adapter_that_is_provisioned_for_gives_what_its_database_gives(database: DatabaseType) -> None:
    for spelling in ("int64", "jsonb", "timestamp_ntz(9)", "row(a bigint)", "struct<a int>", "number"):
        assert adapter_dimension_type(spelling, database) == dimension_type(spelling, database)
