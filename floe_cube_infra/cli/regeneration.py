"""Generates again when inputs have other contents than last time; tells wrong ones from unfinished ones."""

from __future__ import annotations

import gc
import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from floe_cube_infra import generation
from floe_cube_infra.cli.options import settings_from
from floe_cube_infra.errors import ArtifactsError, CatalogError, FloeCubeError, ManifestError, SourceError
from floe_cube_infra.generation import Generated
from floe_cube_infra.inputs import compiled_artifacts, sources
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.project_inputs import Place, ProjectInputs, read_inputs
from floe_cube_infra.sync.folder import Changes, write_folder
from floe_cube_infra.sync.model_changes import ModelChanges, model_changes
from floe_cube_infra.translate.issues import Issue

Status = Literal["generated", "disabled", "waiting", "failed"]

# What can be the fault of a file that is still being written, or about to be.
_OF_A_FILE = (SourceError, ArtifactsError, ManifestError, CatalogError)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the command line was given; the stack file's settings come below it."""

    artifacts: str | None
    manifest: str | None
    catalog: str | None
    stack_file: Path | None

    def settings(self) -> Settings:
        """The settings as they are now.

        Raises:
            SettingsError: The stack file is wrong.
        """
        return settings_from(self.artifacts, self.manifest, self.catalog, self.stack_file)


@dataclass(frozen=True, kw_only=True)
class Run:
    """One attempt.

    Attributes:
        started: When, in local time.
        seconds: How long it took.
        status: `generated`; `disabled` where the artifacts switch the layer off; `waiting` for a file that is missing
            or half written; `failed`. Only `generated` writes.
        settings: What it was made from, unless it failed.
        generated: What was generated.
        files: What was written.
        changes: What is new to the model since it was generated last; None the first time.
        new_issues: The warnings and notes that weren't there last time.
        message: What is waited for.
        error: Why it failed.
    """

    started: datetime
    seconds: float = 0.0
    status: Status
    settings: Settings | None = None
    generated: Generated | None = None
    files: Changes | None = None
    changes: ModelChanges | None = None
    new_issues: tuple[Issue, ...] = ()
    message: str = ""
    error: FloeCubeError | None = None


@dataclass(frozen=True, kw_only=True)
class _Source:
    """An input: who writes it, and the places where it is looked for, in this order."""

    writer: str
    places: tuple[Path, ...]


class Regenerator:
    """Keeps a folder up to date with its inputs.

    Args:
        given: What the command line was given.
        out: The folder to write.
        base: The folder that relative paths in the settings are taken from.
        place: Where Cube is to run.
    """

    def __init__(self, given: Given, out: Path, base: Path, place: Place = "cluster") -> None:
        self._given = given
        self._out = out
        self._base = base
        self._place = place
        self._contents: dict[Path, bytes | None] | None = None
        self._last: Generated | None = None
        self._fingerprint = ""
        self._waited_for = ""

    def files(self) -> tuple[Path, ...]:
        """The files that the next run depends on, as far as the present ones tell."""
        stack_file = [self._base / self._given.stack_file] if self._given.stack_file else []
        return (*stack_file, *(place for source in self._sources() for place in source.places))

    def run(self) -> Run | None:
        """Generates and writes.

        Returns:
            None if there is nothing to say: all files are what they were, or what is waited for is still the same.
        """
        contents = {file: _digest(file) for file in self.files()}
        if contents == self._contents:
            return None
        self._contents = contents
        started, clock = datetime.now().astimezone(), time.perf_counter()
        with _garbage_left():
            run = self._attempt(started)
        run = replace(run, seconds=time.perf_counter() - clock)
        is_known = run.status == "waiting" and run.message == self._waited_for
        self._waited_for = run.message
        return None if is_known else run

    def _attempt(self, started: datetime) -> Run:
        try:
            settings = self._given.settings()
            inputs = read_inputs(settings, self._base, self._place)
            if inputs is None:
                return Run(started=started, status="disabled", settings=settings)
            fingerprint, generated = self._generated_from(inputs)
            files = write_folder(self._out, generated.folder())
        except FloeCubeError as error:
            message = self._waits_for() if isinstance(error, _OF_A_FILE) else ""
            if message:
                return Run(started=started, status="waiting", message=message)
            return Run(started=started, status="failed", error=error)
        last, self._last, self._fingerprint = self._last, generated, fingerprint
        return Run(
            started=started,
            status="generated",
            settings=settings,
            generated=generated,
            files=files,
            changes=_changes(last, generated),
            new_issues=_without(generated.issues, last.issues if last else ()),
        )

    def _generated_from(self, inputs: ProjectInputs) -> tuple[str, Generated]:
        """What the inputs become, and their fingerprint: nothing is translated where it is the last one's.

        dbt writes another manifest each time; but while people work on SQL, little in it is new to us.
        """
        fingerprint = inputs.fingerprint()
        if self._last and fingerprint == self._fingerprint:
            return fingerprint, self._last
        return fingerprint, generation.generate_from(inputs)

    def _sources(self) -> list[_Source]:
        try:
            settings = self._given.settings()
        except FloeCubeError:
            return []
        artifacts_at = sources.resolve(settings.artifacts, self._base)
        found = [_Source(writer="the floe compiler", places=(Path(artifacts_at),))]
        manifests = self._manifest_places(settings, artifacts_at)
        catalogs = [Path(sources.resolve(settings.catalog, self._base))] if settings.catalog else []
        found += [_Source(writer="dbt", places=tuple(places)) for places in (manifests, catalogs) if places]
        return found

    def _manifest_places(self, settings: Settings, artifacts_at: str) -> list[Path]:
        if settings.manifest is not None:
            return [Path(sources.resolve(settings.manifest, self._base))]
        try:
            artifacts = compiled_artifacts.load(sources.read(artifacts_at, "compiled artifacts file"), artifacts_at)
        except FloeCubeError:
            return []
        if artifacts.dbt_manifest_path is None:
            return []
        # Generating takes the first that is there.
        folder = Path(artifacts_at).parent
        places = [folder / (artifacts.dbt_project_path or ".") / artifacts.dbt_manifest_path]
        return list(dict.fromkeys([*places, folder / artifacts.dbt_manifest_path]))

    def _waits_for(self) -> str:
        for source in self._sources():
            place = next((place for place in source.places if place.exists()), None)
            if place is None:
                return f"waiting for {source.writer} to write {source.places[0]}"
            if place.suffix != ".gz" and _is_unfinished(place):
                return f"waiting for {source.writer} to finish writing {place}"
        return ""


def remote_inputs(settings: Settings) -> list[str]:
    """The inputs that no operating system watches, fit for messages."""
    given = [place for place in (settings.artifacts, settings.manifest, settings.catalog) if place]
    return [sources.without_credentials(place) for place in given if sources.is_remote(place)]


@contextmanager
def _garbage_left() -> Iterator[None]:
    """No looking for garbage meanwhile: among ever more objects, nearly all of them kept, it takes half as long again.

    Once is enough, and comes by itself afterwards.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _changes(last: Generated | None, generated: Generated) -> ModelChanges | None:
    if last is None:
        return None
    return ModelChanges() if last is generated else model_changes(last.model, generated.model)


def _digest(file: Path) -> bytes | None:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "blake2b").digest()
    except (OSError, ValueError):
        return None


def _is_unfinished(file: Path) -> bool:
    """Whether the file is the beginning of a JSON document."""
    try:
        content = file.read_bytes()
    except OSError:
        return False
    return is_beginning_of_json(content)


def is_beginning_of_json(content: bytes) -> bool:
    """Whether this is JSON that ends too early, or empty."""
    try:
        # A number that is cut off ("1e") would be malformed rather than unfinished; an object can't end in one.
        msgspec.json.decode(content.rstrip(b"+-.0123456789eE"), type=msgspec.Raw)
    except msgspec.DecodeError as error:
        return "truncated" in str(error)
    return False


def _without(issues: Sequence[Issue], known: Sequence[Issue]) -> tuple[Issue, ...]:
    before = set(known)
    return tuple(issue for issue in issues if issue not in before)
