"""Any sequence of runs, with people's own files in between."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from floe_cube_infra.errors import OutputError
from floe_cube_infra.sync.folder import write_folder

# Few names, so that a path is often the same as before, or a folder where a file was.
PATHS = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3).map("/".join)
TEXTS = st.sampled_from(["", "x", "y\n", "ü"])


def _without_clashes(files: dict[str, str]) -> dict[str, str]:
    """Drops files that are at the same time the folder of another."""
    folders = {str(parent) for path in files for parent in PurePosixPath(path).parents}
    return {path: text for path, text in files.items() if path not in folders}


FILES = st.dictionaries(PATHS, TEXTS, max_size=5).map(_without_clashes)


class Folder(RuleBasedStateMachine):
    """The folder, beside what should be in it: ours and people's own."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.ours: dict[str, str] = {}
        self.foreign: dict[str, str] = {}

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @rule(files=FILES)
    def write(self, files: dict[str, str]) -> None:
        blocked = any(self._is_blocked(path, text) for path, text in files.items())
        if blocked:
            with pytest.raises(OutputError, match="did not write"):
                write_folder(self.folder, files)
            return
        changes = write_folder(self.folder, files)
        assert set(changes.removed) == self.ours.keys() - files.keys()
        assert {*changes.written, *changes.untouched} == files.keys()
        self.foreign = {path: text for path, text in self.foreign.items() if path not in files}
        self.ours = files

    def _is_blocked(self, path: str, text: str) -> bool:
        parents = {str(parent) for parent in PurePosixPath(path).parents}
        below = any(other.startswith(f"{path}/") for other in self.foreign)
        differs = path in self.foreign and self.foreign[path] != text
        return below or differs or not parents.isdisjoint(self.foreign)

    @rule(path=PATHS, text=TEXTS)
    def add_a_foreign_file(self, path: str, text: str) -> None:
        target = self.folder / path
        if any((self.folder / parent).is_file() for parent in PurePosixPath(path).parents) or target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        if path in self.ours:  # where a file of ours was removed by hand, one is ours again
            self.ours[path] = text
        else:
            self.foreign[path] = text

    @invariant()
    def exactly_the_last_files_and_the_foreign_ones_are_there(self) -> None:
        found = {
            path.relative_to(self.folder).as_posix(): path.read_text()
            for path in self.folder.rglob("*")
            if path.is_file() and not path.name.startswith(".floe-cube.")
        }
        assert found == {**self.ours, **self.foreign}

    @invariant()
    def no_folder_is_left_empty(self) -> None:
        assert all(any(path.iterdir()) for path in self.folder.rglob("*") if path.is_dir())


TestAnySequenceOfRunsLeavesExactlyTheLastFilesAndForeignOnes = Folder.TestCase
TestAnySequenceOfRunsLeavesExactlyTheLastFilesAndForeignOnes.settings = settings(
    max_examples=60, stateful_step_count=12, deadline=None
)
