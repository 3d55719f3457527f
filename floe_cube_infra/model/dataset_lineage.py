"""Where each cube's members come from, generated into a file for each cube, for the observer.

Tables are named as dbt's OpenLineage integration names them, so that both graphs meet:
https://openlineage.io/docs/spec/naming
"""

from __future__ import annotations

from typing import Final

import msgspec

LINEAGE_SUFFIX: Final = ".lineage.json"
"""Of a cube's file; before it stands the cube's name."""


class Dataset(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A table of the warehouse."""

    namespace: str
    name: str


class WarehouseNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What completes the names of the warehouse's tables.

    Attributes:
        namespace: Of all tables: `postgres://host:5432`.
        database: Where a table is named without its database; None if that isn't known.
    """

    namespace: str
    database: str | None = None


class MemberLineage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What a member is made of.

    Attributes:
        type: Cube's type.
        columns: Columns of the cube's own table that its SQL reads.
        members: Members that it refers to, as `cube.member`.
    """

    type: str
    columns: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


class CubeLineage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """A cube or view.

    Attributes:
        table: Its table; None for a view.
        members: Its measures and dimensions by name.
    """

    table: Dataset | None = None
    members: dict[str, MemberLineage] = msgspec.field(default_factory=dict)


class ModelLineage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """All cubes and views by name."""

    cubes: dict[str, CubeLineage] = msgspec.field(default_factory=dict)
