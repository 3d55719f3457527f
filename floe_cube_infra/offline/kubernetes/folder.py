"""A folder of YAML files, one an object."""

from __future__ import annotations

import contextlib
from pathlib import Path
from threading import Lock

from floe_cube_infra.offline.engine_log import EngineLog
from floe_cube_infra.offline.errors import ProviderError
from floe_cube_infra.offline.kubernetes.objects import metadata_of, text_of, type_of
from floe_cube_infra.offline.kubernetes.redaction import exposed_secrets, lacks_values, redacted, restored
from floe_cube_infra.offline.kubernetes.rendering import file_of, from_yaml, to_yaml
from floe_cube_infra.offline.kubernetes.targets import Operation
from floe_cube_infra.offline.kubernetes.validation.findings import Problem
from floe_cube_infra.offline.property_path import format_path
from floe_cube_infra.offline.wire import Properties, plain


class RenderedFolder:
    """The files of one update, preview or refresh; see `targets.Target`.

    It remembers which resource a file belongs to, so that two can't share one and the removal of an old
    object spares the file that a new one was just written to.
    """

    def __init__(self, root: Path, log: EngineLog) -> None:
        self._root = root
        self._log = log
        self._lock = Lock()
        self._owner: dict[Path, str] = {}
        self._file: dict[str, Path] = {}
        self._created: set[Path] = set()

    @property
    def description(self) -> str:
        """Says where the files go."""
        return f"renders YAML files into {self._root} and applies nothing to a cluster"

    def refusals(self, urn: str, properties: Properties) -> list[Problem]:
        """Refuses secrets that a file would show, and a file that another resource renders to."""
        problems = [
            Problem(
                format_path(path),
                "holds a secret value, which the rendered file would show in clear; use a reference to a "
                "Kubernetes Secret (valueFrom.secretKeyRef)",
            )
            for path in exposed_secrets(properties)
        ]
        manifest = plain(properties)
        kind = type_of(manifest)
        if not problems and kind.kind and kind.version and text_of(metadata_of(manifest), "name"):
            with self._lock:
                other = self._claim(urn, self._root / file_of(manifest))
            if other:
                problems.append(Problem("metadata.name", _collision(urn, other, self._root / file_of(manifest))))
        return problems

    def preview(self, operation: Operation, old: Properties | None, new: Properties) -> None:
        """Writes nothing; what could be wrong was among the refusals."""

    def create(self, operation: Operation, properties: Properties) -> Properties:
        """Writes the file of a new object, and warns if another one's was in its place."""
        urn = operation.urn
        path = self._root / file_of(plain(properties))
        taken = path.is_file()
        if self._write(urn, properties) and taken:
            self._log.warning(
                f"{path} was there already, with other content, and now belongs to this resource. If another stack "
                "renders into this folder, give each stack a folder of its own.",
                urn,
            )
        with self._lock:
            self._created.add(path)
        return properties

    def update(self, operation: Operation, old: Properties, new: Properties) -> Properties:
        """Writes the file again, and removes the one of before if the object moved to another."""
        self._write(operation.urn, new)
        before = self._root / file_of(plain(old))
        if before != self._root / file_of(plain(new)):
            self._remove(operation.urn, before)
        return new

    def read(
        self,
        operation: Operation,  # noqa: ARG002
        known: Properties,
    ) -> tuple[Properties, Properties] | None:
        """Reads the file back; the values of a Secret, which it doesn't hold, are taken from `known`."""
        manifest = plain(known)
        path = self._root / file_of(manifest)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise _file_error("read", path, error) from None
        try:
            found = restored(from_yaml(text), manifest)
        except ValueError as error:
            raise ProviderError(
                f"{path} isn't a rendered object any more ({error}); repair it, or remove it and run `pulumi refresh`."
            ) from None
        if lacks_values(found):
            raise ProviderError(
                f"{path} doesn't hold the values of its Secret, so that it can't be read from there; describe the "
                "Secret in the program, with its values from the stack's configuration."
            )
        return found, found

    def delete(self, operation: Operation, properties: Properties) -> None:
        """Removes the file, unless it was written for another object meanwhile."""
        self._remove(operation.urn, self._root / file_of(plain(properties)))

    def cancel(self) -> None:
        """Has nothing to end: each file is written in a moment, and whole."""

    def _claim(self, urn: str, path: Path) -> str | None:
        owner = self._owner.get(path)
        if owner is not None and owner != urn:
            return owner
        # A replacement asks twice, for the old name and the new: the last is the one that counts.
        before = self._file.get(urn)
        if before is not None and before != path:
            self._owner.pop(before, None)
        self._owner[path], self._file[urn] = urn, path
        return None

    def _write(self, urn: str, properties: Properties) -> bool:
        """Writes the file if its content differs, and says whether it did."""
        if exposed := exposed_secrets(properties):
            raise ProviderError(
                f"{format_path(exposed[0])} of {urn} holds a secret value, which the rendered file would "
                "show in clear; use a reference to a Kubernetes Secret (valueFrom.secretKeyRef)."
            )
        manifest = redacted(plain(properties))
        path = self._root / file_of(manifest)
        text = to_yaml(manifest).encode()
        with self._lock:
            if other := self._claim(urn, path):
                raise ProviderError(_collision(urn, other, path))
            try:
                differs = not path.is_file() or path.read_bytes() != text
                if differs:
                    _replace(path, text)
            except OSError as error:
                raise _file_error("write", path, error) from None
        if type_of(manifest).is_secret:
            self._log.warn_once(
                "Secret values are never rendered: the files of Secrets hold their keys and a placeholder. "
                "Put the values in before you apply them, or create these Secrets another way.",
                urn,
            )
        return differs

    def _remove(self, urn: str, path: Path) -> None:
        with self._lock:
            # Created in this very update: by another resource, or by this one's own replacement.
            if path in self._created or self._owner.get(path, urn) != urn:
                return
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise _file_error("remove", path, error) from None
            self._owner.pop(path, None)
            with contextlib.suppress(OSError):  # other files are in it, or it is gone
                path.parent.rmdir()


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, so that the replacement is one step; under a fixed name, so that a killed process leaves
    # nothing that the next one doesn't take over.
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _collision(urn: str, other: str, path: Path) -> str:
    return (
        f"{urn} and {other} would render to the same file, {path.name}; give one of them another "
        "metadata.name or metadata.namespace"
    )


def _file_error(verb: str, path: Path, error: OSError | UnicodeDecodeError) -> ProviderError:
    reason = error.strerror if isinstance(error, OSError) else "it isn't UTF-8 text"
    return ProviderError(
        f"Can't {verb} {path}: {reason}. Let kubernetes:renderYamlToDirectory name a folder that you may write to."
    )
