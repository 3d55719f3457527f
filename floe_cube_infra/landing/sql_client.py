"""Asks the SQL API as BI tools do, over the Postgres wire protocol: with PostgreSQL's own client."""

from __future__ import annotations

import os
import re
import shutil

# psql, as a list, without a shell.
import subprocess  # nosec B404
from dataclasses import dataclass, field
from typing import Final

_SECONDS: Final = 60
_LONGEST_TEXT: Final = 200
_ERROR: Final = re.compile(r"ERROR:|FATAL:|error:")


@dataclass(frozen=True, kw_only=True)
class SqlClient:
    """A user of the SQL API.

    Attributes:
        program: psql.
        user: Who asks; the token's `sub`.
        token: The password.
    """

    program: str
    user: str
    token: str = field(repr=False)

    @classmethod
    def found(cls, user: str, token: str) -> SqlClient | None:
        """With the psql that is on PATH; None where there is none."""
        program = shutil.which("psql")
        return None if program is None else cls(program=program, user=user, token=token)

    def ask(self, address: str, statement: str, *, tls: bool) -> str:
        """Runs a statement.

        Args:
            address: A PostgreSQL URL without user and password; its parameters are libpq's, such as `sslmode`.
            statement: The SQL.
            tls: Whether the certificate has to hold, where neither the address nor PGSSLMODE says otherwise.

        Returns:
            What went wrong, a short text; empty if nothing did.
        """
        own = {"PGUSER": self.user, "PGPASSWORD": self.token, "PGCONNECT_TIMEOUT": "10", "PGAPPNAME": "floe-cube"}
        # Of PG* variables those of TLS only: others could lead the token elsewhere.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG") or "SSL" in name}
        mode = {"PGSSLMODE": "verify-full"} if tls else {}
        # -X: no .psqlrc; -w: never ask for a password.
        command = [self.program, "-X", "-w", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", address, "-c", statement]
        try:
            got = subprocess.run(  # nosec B603
                command,
                env={**mode, **kept, **own},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"no answer within {_SECONDS} s"
        except OSError:
            return "psql doesn't start"
        if got.returncode == 0:
            return ""
        lines = got.stderr.decode(errors="replace").replace(self.token, "[token]").strip().splitlines()
        # What follows points into the statement.
        told = [line for line in lines if _ERROR.search(line)] or lines
        return told[0][:_LONGEST_TEXT] if told else f"psql ends with {got.returncode}"
