"""The files that the observer is given, and the headers of its requests, which are secret and come by environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import unquote

import msgspec

from floe_cube_infra.model.dataset_lineage import ModelLineage
from floe_cube_infra.model.observation import ObserverSettings

FOLDER_VARIABLE: Final = "FLOE_OBSERVER_FOLDER"
"""Names the folder that holds the two files."""
DEFAULT_FOLDER: Final = "/cube/observer"
SETTINGS_FILE: Final = "observer.json"
LINEAGE_FILE: Final = "lineage.json"
# OpenTelemetry's own: https://opentelemetry.io/docs/specs/otel/protocol/exporter/
HEADERS_VARIABLE: Final = "OTEL_EXPORTER_OTLP_HEADERS"

_Layout = TypeVar("_Layout", ObserverSettings, ModelLineage)


class ConfigurationError(Exception):
    """A file that is missing or wrong; a sentence that says which and where."""


def read_settings(folder: Path) -> ObserverSettings:
    """The settings.

    Raises:
        ConfigurationError: They are missing or wrong.
    """
    return _read(folder / SETTINGS_FILE, ObserverSettings)


def read_lineage(folder: Path) -> ModelLineage:
    """Where the model's members come from.

    Raises:
        ConfigurationError: It is missing or wrong.
    """
    return _read(folder / LINEAGE_FILE, ModelLineage)


def request_headers(environment: Mapping[str, str]) -> dict[str, str]:
    """Headers for the OTLP endpoints: `name=value` pairs between commas, percent-encoded.

    Args:
        environment: The process's variables.

    Raises:
        ConfigurationError: A pair isn't one; its value is not repeated.
    """
    headers: dict[str, str] = {}
    for number, pair in enumerate(filter(None, environment.get(HEADERS_VARIABLE, "").split(",")), start=1):
        name, equals, value = pair.strip().partition("=")
        if not equals or not name:
            raise ConfigurationError(f"{HEADERS_VARIABLE}: pair {number} is no `name=value`.")
        headers[name.strip().lower()] = unquote(value.strip())
    return headers


def _read(file: Path, layout: type[_Layout]) -> _Layout:
    try:
        return msgspec.json.decode(file.read_bytes(), type=layout)
    except OSError as error:
        raise ConfigurationError(f"{file} can't be read: {error.strerror}. It is generated beside cube.js.") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(f"{file} is wrong: {error}. Generate it anew.") from None
