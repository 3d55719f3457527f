"""What PostgreSQL itself says: the answer to SQL where its own row security hides all rows of others."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tools.postgres import Postgres
from tools.shop_database import DATABASE

OWN_ROWS: Final = "own_rows"
"""A role for which PostgreSQL itself shows only rows of `test.organizations` (comma-separated)."""

_FILTER_COLUMNS: Final = ("organization_id", "org_id")

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


def guard_own_rows(postgres: Postgres) -> None:
    """Makes the role `own_rows` in the shop's database, with PostgreSQL's own row security for it."""
    postgres.run(
        f"""
        CREATE ROLE {OWN_ROWS};
        GRANT USAGE ON SCHEMA shop TO {OWN_ROWS};
        GRANT SELECT ON ALL TABLES IN SCHEMA shop TO {OWN_ROWS};
        SELECT format('ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON %1$s TO {OWN_ROWS} USING '
            '(%2$I::text = ANY(string_to_array(current_setting(''test.organizations''), '','')));',
            attrelid::regclass, attname)
        FROM pg_attribute WHERE attname IN {_FILTER_COLUMNS} AND attrelid IN
            (SELECT oid FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind = 'r')\n\\gexec
        """,
        database=DATABASE,
    )


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
