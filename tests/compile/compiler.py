"""Cube's own compiler as a process that answers one request after the other."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """What came of model files.

    Attributes:
        errors: Why Cube refuses them; empty if it takes them.
        cubes: Cubes and views by name, as `/meta` tells them, with SQL and joins; empty if there are errors.
        sql: For each query its `sql` and `values`, or its `error`.
        left: The files that cube.js would leave to Cube's own, slow reading of YAML.
    """

    errors: tuple[str, ...]
    cubes: Mapping[str, Any]
    sql: tuple[Mapping[str, Any], ...]
    left: tuple[str, ...]


class Compiler:
    """Starts node once; compiling a cube then takes some 40 ms.

    Each model is compiled twice: from its YAML, and from what cube.js hands Cube in place of it. Both have to give the
    same.
    """

    def __init__(self, node: Path, node_modules: Path) -> None:
        # A file, since a full pipe that nobody reads would stop it.
        self._stderr = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by __exit__
        self._process = subprocess.Popen(
            [node, HERE / "server.js"],
            env={"PATH": os.environ["PATH"], "NODE_PATH": str(node_modules)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()
        self._stderr.close()

    def __call__(
        self, files: Mapping[str, str], *, dialect: str = "postgres", queries: Sequence[Mapping[str, object]] = ()
    ) -> Compiled:
        """Compiles files.

        Args:
            files: Texts by path; what is no YAML is not for Cube.
            dialect: For which database SQL is made.
            queries: In the form of Cube's REST API.
        """
        models = {path: text for path, text in files.items() if path.endswith((".yml", ".yaml"))}
        return self._ask({"files": models, "dialect": dialect, "queries": list(queries)})

    def folder(self, folder: Path) -> Compiled:
        """Compiles the files of a folder."""
        return self._ask({"folder": str(folder)})

    def _ask(self, request: Mapping[str, object]) -> Compiled:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError(f"The compiler has ended:\n{self._told()}")
        answer = json.loads(line)
        if "failure" in answer:
            raise AssertionError(f"The compiler's script failed:\n{answer['failure']}")
        declared = answer["declared"]
        # What cube.js makes of the YAML means the same to Cube, in each of these tests.
        assert bool(declared["errors"]) == bool(answer["errors"]), (declared["errors"], answer["errors"])
        assert declared.get("cubes") == answer.get("cubes")
        assert declared.get("sql") == answer.get("sql")
        return Compiled(
            errors=tuple(answer["errors"]),
            cubes=answer.get("cubes", {}),
            sql=tuple(answer.get("sql", ())),
            left=tuple(declared["left"]),
        )

    def _told(self) -> str:
        self._stderr.seek(0)
        return self._stderr.read()[-4000:]
