"""What can be compared: a folder of generated files, a manifest, a stack's file, or one of another git revision."""

from __future__ import annotations

import io

# git, as a list, without a shell.
import subprocess  # nosec B404
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from floe_cube_infra import generation
from floe_cube_infra.cli.options import settings_from
from floe_cube_infra.errors import SnapshotError
from floe_cube_infra.inputs.settings import Settings, from_stack_file
from floe_cube_infra.render.owners_json import render_owners
from floe_cube_infra.semantic_diff.snapshot import OWNERS, SETTINGS

_KINDS: Final = (
    "a folder that `floe-cube generate` wrote, dbt's manifest.json, a stack's file such as stacks/Pulumi.prod.yaml, or "
    "one of another revision: main:stacks/Pulumi.prod.yaml"
)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What was given beside the two that are compared, for manifests.

    Attributes:
        artifacts: compiled_artifacts.json.
        catalog: dbt's catalog.json.
        stack_file: Settings of a stack.
    """

    artifacts: str | None = None
    catalog: str | None = None
    stack_file: Path | None = None


def files_of(source: str, given: Given) -> Mapping[str, str]:
    """The generated files of one side; none where the consumption layer is switched off.

    Raises:
        FloeCubeError: There is nothing there that can be compared, or it is wrong.
    """
    path = Path(source)
    if path.is_dir():
        return _folder(path)
    if path.suffix == ".json" and path.exists():
        return _generated(settings_from(given.artifacts, source, given.catalog, given.stack_file), Path.cwd())
    if path.suffix in (".yaml", ".yml") and path.exists():
        return _generated(from_stack_file(path), Path.cwd())
    revision, colon, file = source.partition(":")
    if colon and revision and file:
        return _of_revision(revision, file)
    raise SnapshotError(f"{source} can't be compared: allowed is {_KINDS}.")


def _folder(folder: Path) -> Mapping[str, str]:
    if not (folder / SETTINGS).is_file():
        raise SnapshotError(
            f"{folder} holds no {SETTINGS}, so `floe-cube generate` didn't write it: allowed is {_KINDS}."
        )
    beside = [folder / name for name in (SETTINGS, OWNERS) if (folder / name).is_file()]
    files = [*beside, *(path for path in sorted((folder / "model").rglob("*")) if path.is_file())]
    try:
        return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotError(f"{folder} can't be read: {error}.") from None


def _generated(settings: Settings, base: Path) -> Mapping[str, str]:
    # Which images run is not compared, and earlier revisions may not have pinned them.
    images = settings.images.model_copy(update={"unpinned": "allowed"})
    generated = generation.generate(settings.model_copy(update={"images": images}), base)
    if generated is None:
        return {}
    owners = render_owners(generated.owners)
    return {SETTINGS: generated.files.configuration[SETTINGS], **generated.files.model, **owners}


def _of_revision(revision: str, file: str) -> Mapping[str, str]:
    """Everything of the revision into a folder that is gone afterwards: the settings' paths lead there."""
    if revision.startswith("-"):
        raise SnapshotError(f"{revision} is no revision.")
    try:
        got = subprocess.run(["git", "archive", "--format=tar", revision], capture_output=True, check=False)  # nosec
    except OSError:
        raise SnapshotError(f"{revision}:{file} needs git, which is not on PATH.") from None
    if got.returncode:
        reason = got.stderr.decode(errors="replace").strip().splitlines()
        raise SnapshotError(
            f"git doesn't give {revision}: {reason[-1] if reason else 'it says nothing'}. A revision is looked up in "
            "the repository of the folder that this runs in; `git fetch` brings those that a shallow clone lacks."
        )
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=io.BytesIO(got.stdout)) as archive:
        archive.extractall(folder, filter="data")
        base = Path(folder)
        return _generated(from_stack_file(base / file), base)
