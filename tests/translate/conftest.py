"""Stored texts that what is generated is held against."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

RENEW = "RENEW_SNAPSHOTS"


@pytest.fixture
def matches_stored() -> Callable[[Path, Mapping[str, str]], None]:
    """Compares texts by path with a folder; with RENEW_SNAPSHOTS=1 in the environment, stores them there."""

    def compare(folder: Path, texts: Mapping[str, str]) -> None:
        if os.environ.get(RENEW):
            for old in [path for path in folder.rglob("*") if path.is_file()]:
                old.unlink()
            for path, text in texts.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(text, encoding="utf-8")
        stored = {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in folder.rglob("*")
            if path.is_file()
        }
        assert stored.keys() == texts.keys(), f"other files than stored; if that is meant, store them with {RENEW}=1"
        changed = [path for path in sorted(texts) if texts[path] != stored[path]]
        for path in changed[:1]:
            assert texts[path] == stored[path], f"{', '.join(changed)} changed; if that is meant, use {RENEW}=1"

    return compare
