"""References from one dbt node to another, whichever place in dbt says so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """Rows of `node` refer to rows of `to` by equal columns.

    Attributes:
        node: The `unique_id` of the referring node.
        columns: Its columns, lower case.
        to: The `unique_id` of the other node.
        to_columns: That node's columns in the same order, lower case.
        origin: What says so, for messages: "the relationships test ...", say.
    """

    node: str
    columns: tuple[str, ...]
    to: str
    to_columns: tuple[str, ...]
    origin: str
