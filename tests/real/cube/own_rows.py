"""What PostgreSQL itself says: the answer to SQL where its own row security hides all rows of others."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.real.cube.shop_database import DATABASE, OWN_ROWS
from tools.postgres import Postgres

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """SQL with values for `$1`, `$2`, ..., and who asks.

    Attributes:
        sql: The text.
        values: Its values.
        organizations: Whose rows there are; None for all rows of everybody.
    """

    sql: str
    values: Sequence[object]
    organizations: Sequence[int] | None


def ask(postgres: Postgres, statements: Sequence[Statement]) -> list[list[Row]]:
    """The rows of each statement, all asked in one session."""
    script: list[str] = []
    for statement in statements:
        if statement.organizations is None:
            script.append("RESET ROLE;")
        else:
            script.append(f"SET test.organizations = '{','.join(map(str, statement.organizations))}';")
            script.append(f"SET ROLE {OWN_ROWS};")
        # jsonb, as its text is one line.
        script.append(f"SELECT coalesce(jsonb_agg(to_jsonb(answer)), '[]') FROM ({_with_values(statement)}) answer;")
    lines = postgres.run("\n".join(script), database=DATABASE).splitlines()
    assert len(lines) == len(statements)
    return [json.loads(line) for line in lines]


def _with_values(statement: Statement) -> str:
    def literal(match: re.Match[str]) -> str:
        value = statement.values[int(match[1]) - 1]
        return "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"

    return re.sub(r"\$(\d+)", literal, statement.sql)
