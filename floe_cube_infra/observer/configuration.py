"""The files that the observer is given, and what comes by environment: where it runs, and secret headers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import msgspec

from floe_cube_infra.model.observation import SETTINGS_FILE, ObserverSettings

FOLDER_VARIABLE: Final = "FLOE_OBSERVER_FOLDER"
"""Names the folder that holds the files."""
DEFAULT_FOLDER: Final = "/cube/observer"
# OpenTelemetry's own: https://opentelemetry.io/docs/specs/otel/protocol/exporter/
HEADERS_VARIABLE: Final = "OTEL_EXPORTER_OTLP_HEADERS"
RESOURCE_VARIABLE: Final = "OTEL_RESOURCE_ATTRIBUTES"


class ConfigurationError(Exception):
    """A file that is missing or wrong; a sentence that says which and where."""


def read_settings(folder: Path) -> ObserverSettings:
    """The settings.

    Raises:
        ConfigurationError: They are missing or wrong.
    """
    file = folder / SETTINGS_FILE
    try:
        return msgspec.json.decode(file.read_bytes(), type=ObserverSettings)
    except OSError as error:
        raise ConfigurationError(f"{file} can't be read: {error.strerror}. It is generated beside cube.js.") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(f"{file} is wrong: {error}. Generate it anew.") from None


def request_headers(environment: Mapping[str, str]) -> dict[str, str]:
    """Headers for the OTLP endpoints.

    Args:
        environment: The process's variables.

    Raises:
        ConfigurationError: A pair isn't one; its value is not repeated.
    """
    return {name.lower(): value for name, value in _pairs(environment, HEADERS_VARIABLE)}


def resource_attributes(environment: Mapping[str, str]) -> dict[str, str]:
    """Resource attributes that are known where the observer runs: its pod.

    Args:
        environment: The process's variables.

    Raises:
        ConfigurationError: A pair isn't one.
    """
    return dict(_pairs(environment, RESOURCE_VARIABLE))


def _pairs(environment: Mapping[str, str], variable: str) -> Iterator[tuple[str, str]]:
    """`name=value` pairs between commas, percent-encoded."""
    for number, pair in enumerate(filter(None, environment.get(variable, "").split(",")), start=1):
        name, equals, value = pair.strip().partition("=")
        if not equals or not name:
            raise ConfigurationError(f"{variable}: pair {number} is no `name=value`.")
        yield name.strip(), unquote(value.strip())
