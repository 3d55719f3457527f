"""Names of the tables that Cube makes, which some databases cut off.

A table is called `<cube>_<name><partition>_<content>_<structure>_<time>` (PreAggregations.targetTableName and
partitionTableName of @cubejs-backend/query-orchestrator). PostgreSQL silently cuts names at 63 bytes
(https://www.postgresql.org/docs/current/sql-syntax-lexical.html), and then no version of it is found again.
"""

from __future__ import annotations

import re
from typing import Final

from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.pre_aggregations import CubePreAggregation

_LIMITS: Final[dict[DatabaseType, int]] = {"postgres": 63}
# Two hashes of eight characters and a time of seven, each after an underscore.
_VERSION_LENGTH: Final = 3 + 8 + 8 + 7
_DATE_LENGTH: Final = len("20260131")
_HOUR_LENGTH: Final = len("2026013123")
_WORD_BEGINS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def doubt_about_table_name(
    cube_name: str, pre_aggregation: CubePreAggregation, database_type: DatabaseType | None
) -> str | None:
    """A warning if tables or indexes of the pre-aggregation would get too long a name for the database."""
    limit = _LIMITS.get(database_type) if database_type else None
    if limit is None or pre_aggregation.type in ("rollup_join", "rollup_lambda"):
        return None
    alias = pre_aggregation.sql_alias or pre_aggregation.name
    longest_index = max((len(f"_{index.name}") for index in pre_aggregation.indexes), default=0)
    partition = {None: 0, "hour": _HOUR_LENGTH}.get(pre_aggregation.partition_granularity, _DATE_LENGTH)
    length = len(_underscored(f"{cube_name}_{alias}")) + longest_index + partition + _VERSION_LENGTH
    if length <= limit:
        return None
    left = limit - (length - len(_underscored(alias)))
    advice = f"set sql_alias to at most {left} characters" if left > 0 else "give the cube a shorter meta.cube.name"
    return f"its tables get names of {length} characters, which {database_type} cuts off at {limit}; {advice}"


def _underscored(name: str) -> str:
    """As Cube writes names of tables: lower case, with an underscore before each word."""
    return _WORD_BEGINS.sub("_", name).lower()
