"""The lineage of the model's cubes, each read from its file when it is asked for: memory is short, and models large."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from floe_cube_infra.model.dataset_lineage import LINEAGE_SUFFIX, CubeLineage

_KEPT: Final = 128
"""Cubes that are kept: what dashboards ask again and again."""


class LineageFiles(Mapping[str, CubeLineage]):
    """The cubes and views by name."""

    def __init__(self, folder: Path) -> None:
        """Lists the cubes, and reads none yet.

        Args:
            folder: Where their files are.
        """
        self._folder = folder
        self._names = {file.name.removesuffix(LINEAGE_SUFFIX) for file in folder.glob(f"*{LINEAGE_SUFFIX}")}
        self._decode = msgspec.json.Decoder(CubeLineage).decode
        self._kept = lru_cache(_KEPT)(self._read)

    def __getitem__(self, name: str) -> CubeLineage:
        """A cube's lineage; an empty one where its file can't be read, since queries are told of all the same."""
        if name not in self._names:
            raise KeyError(name)
        return self._kept(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def _read(self, name: str) -> CubeLineage:
        try:
            return self._decode((self._folder / f"{name}{LINEAGE_SUFFIX}").read_bytes())
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return CubeLineage()
