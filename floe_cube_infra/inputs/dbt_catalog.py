"""dbt's catalog.json: the columns that the warehouse itself reports, written by `dbt docs generate`.

Field names: https://schemas.getdbt.com/dbt/catalog/v1.json
"""

from __future__ import annotations

import re

import msgspec

from floe_cube_infra.errors import CatalogError
from floe_cube_infra.inputs.sources import without_credentials

# As the adapters of Snowflake, BigQuery, and Redshift call it; Postgres and Trino don't count.
_ROW_COUNTS = ("row_count", "num_rows", "rows")
_SCHEMA = re.compile(r"/dbt/catalog/v\d+\.json$")


class CatalogColumn(msgspec.Struct, frozen=True, gc=False):
    """A column as the warehouse spells it; `index` is its place in the table."""

    name: str
    type: str = ""
    index: int = 0
    comment: str | None = None


class CatalogStatistic(msgspec.Struct, frozen=True, gc=False):
    """What the warehouse knows of a table besides; of any type, as adapters write it."""

    value: str | float | bool | None = None


class CatalogTable(msgspec.Struct, frozen=True, gc=False):
    """A table or view by its column names."""

    columns: dict[str, CatalogColumn] = {}
    stats: dict[str, CatalogStatistic] = {}

    @property
    def rows(self) -> int | None:
        """How many rows it had; None where the adapter doesn't say."""
        found = (self.stats[name].value for name in _ROW_COUNTS if name in self.stats)
        return next((int(each) for each in found if isinstance(each, float | int) and not isinstance(each, bool)), None)


class _Metadata(msgspec.Struct, frozen=True):
    dbt_schema_version: str = ""


class Catalog(msgspec.Struct, frozen=True):
    """The warehouse's tables by the `unique_id` of their dbt node."""

    metadata: _Metadata
    nodes: dict[str, CatalogTable] = {}

    def row_counts(self) -> dict[str, int]:
        """The rows of the tables that the warehouse has counted, by `unique_id`."""
        return {name: rows for name, table in self.nodes.items() if (rows := table.rows) is not None}


EMPTY = Catalog(metadata=_Metadata())
"""What stands for a catalog that wasn't given."""

_decoder = msgspec.json.Decoder(Catalog)


def load(content: bytes, location: str) -> Catalog:
    """Reads a catalog.

    Args:
        content: The file's bytes, UTF-8 JSON.
        location: Where it came from, for errors.

    Raises:
        CatalogError: It is no catalog, or damaged.
    """
    location = without_credentials(location)
    try:
        catalog = _decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CatalogError(
            f"The dbt catalog {location} can't be read: {error}. Write it again with `dbt docs generate`."
        ) from None
    if not _SCHEMA.search(catalog.metadata.dbt_schema_version):
        raise CatalogError(
            f"{location} is no dbt catalog: metadata.dbt_schema_version is "
            f"{catalog.metadata.dbt_schema_version!r}. Give target/catalog.json."
        )
    return catalog
