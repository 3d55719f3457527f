"""Every error that this package raises on purpose, as one tree.

FloeCubeError                 what a user can mend; its text is a whole sentence
  InputError                  something that was read is wrong; `problems` lists all of it
    SourceError               a file or address that can't be read
    ArtifactsError            compiled_artifacts.json
    ManifestError             manifest.json
    CatalogError              catalog.json
    SettingsError             the stack's settings
    RegistryError             a registry doesn't say what an image's tag means
    TranslationError          the dbt project can't become a Cube model; `problems` lists all of it
    QueryError                a query that is to be explained isn't one of the model's
  OutputError                 the output folder can't be written
  LocalCubeError              Cube can't be run on this machine as it is

A command prints `str(error)` and ends with exit code 1; the Pulumi program does the same. Anything else
that is raised is a defect of this package and shows its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable


class FloeCubeError(Exception):
    """What a user can mend: the text says what was given, what is allowed and what to do."""


class InputError(FloeCubeError):
    """Something that was read is wrong.

    Args:
        summary: One sentence that names what was read.
        problems: Each thing that is wrong with it, as a sentence; all of them, not just the first.
    """

    def __init__(self, summary: str, problems: Iterable[str] = ()) -> None:
        self.summary = summary
        self.problems = tuple(problems)
        super().__init__("\n".join([summary, *(f"  - {problem}" for problem in self.problems)]))


class SourceError(InputError):
    """A file or address can't be read."""


class ArtifactsError(InputError):
    """The CompiledArtifacts file is not one, or is wrong."""


class ManifestError(InputError):
    """The dbt manifest is not one, is damaged, or doesn't fit the artifacts."""


class CatalogError(InputError):
    """The dbt catalog is not one, or is damaged."""


class SettingsError(InputError):
    """The stack's settings are wrong."""


class RegistryError(InputError):
    """A registry doesn't say what an image's tag means."""


class TranslationError(InputError):
    """The dbt project can't become a Cube model."""


class QueryError(InputError):
    """A query that is to be explained is none, or names what the model doesn't have."""


class OutputError(FloeCubeError):
    """The output folder can't be written; what was there before is still there."""


class LocalCubeError(FloeCubeError):
    """Cube can't be run on this machine as it is: something is missing, or the database doesn't answer."""
