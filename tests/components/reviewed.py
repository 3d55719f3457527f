"""Each environment's objects as files that were reviewed, under tests/snapshots.

What was generated for Cube is left out, and so are the hashes of it in names.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from floe_cube_infra.offline.kubernetes.rendering import file_of, to_yaml
from tests.components.recording import CLONE, Objects

_SNAPSHOTS = CLONE / "tests" / "snapshots"
_HASH = re.compile(
    r"\b(cube-(?:config|model-\d+|sql-proxy|marquez|observer|lineage-\d+|collector|jaeger))-[0-9a-f]{10}\b"
)


def tree(objects: Objects) -> dict[str, str]:
    """The objects as files, by path."""
    files = {file_of(thing).as_posix(): to_yaml(_without_generated(thing)) for thing in objects.values()}
    return {_HASH.sub(r"\1-HASH", path): _HASH.sub(r"\1-HASH", text) for path, text in sorted(files.items())}


def reviewed(environment: str) -> dict[str, str]:
    """What was reviewed for an environment, by path."""
    folder = _SNAPSHOTS / environment
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_text() for file in files}


def renew(environment: str, files: dict[str, str]) -> None:
    """Writes what is to be reviewed."""
    folder: Path = _SNAPSHOTS / environment
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def _without_generated(manifest: dict[str, Any]) -> dict[str, Any]:
    generated = {"ConfigMap": "data", "Secret": "stringData"}.get(manifest["kind"])
    return manifest if generated is None else {**manifest, generated: "(generated)"}
