"""Settings from where they are written: the stack that Pulumi runs, or a stack's file."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from floe_cube_infra.errors import SettingsError
from floe_cube_infra.inputs.problems import problems_of
from floe_cube_infra.inputs.settings.deprecations import DeprecatedSettingWarning, renamed
from floe_cube_infra.inputs.settings.stack import Settings

PROJECT = "floe-cube-infra"


def parse(raw: Mapping[str, object], origin: str) -> Settings:
    """Settings from plain keys and values.

    Args:
        raw: Keys without the project's prefix. Pulumi hands structured values over as JSON text; that is
            understood, too.
        origin: Where they came from, for errors.

    Raises:
        SettingsError: A key is unknown, or a value wrong; all of them at once.

    Warns:
        DeprecatedSettingWarning: A setting has a former name.
    """
    settings, deprecations = _parse(raw, origin)
    for told in deprecations:
        warnings.warn(f"{origin}: {told}", DeprecatedSettingWarning, stacklevel=2)
    return settings


def _parse(raw: Mapping[str, object], origin: str) -> tuple[Settings, Sequence[str]]:
    given = renamed({key: _structured(value) for key, value in raw.items()}, PROJECT)
    problems = list(given.problems)
    try:
        settings = Settings.model_validate(given.settings)
    except ValidationError as error:
        problems += [problem.replace("$.", f"{PROJECT}:", 1) for problem in problems_of(error, Settings)]
    if problems:
        raise SettingsError(f"The settings in {origin} are wrong:", problems)
    return settings, given.warnings


def from_pulumi() -> Settings:
    """The settings of the stack that Pulumi is running; former names are warned of in its output.

    Raises:
        SettingsError: As `parse`.
    """
    import pulumi  # noqa: PLC0415 - the command line reads settings without Pulumi
    from pulumi.runtime.config import CONFIG, get_config_env  # noqa: PLC0415

    prefix = f"{PROJECT}:"
    everything = {**get_config_env(), **CONFIG.get()}
    raw = {key.removeprefix(prefix): value for key, value in everything.items() if key.startswith(prefix)}
    settings, deprecations = _parse(raw, f"stack {pulumi.get_stack()}")
    for told in deprecations:
        pulumi.warn(told)
    return settings


def from_stack_file(path: Path) -> Settings:
    """The settings in a stack's file, without Pulumi.

    Raises:
        SettingsError: As `parse`; also if the file is missing or no stack file.
    """
    import yaml  # noqa: PLC0415 - only the command line with --settings needs it

    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"The stack file {path} can't be read: {error.strerror}. {_stack_files(path)}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"The stack file {path} can't be read: it is not UTF-8 text.") from None
    except yaml.MarkedYAMLError as error:
        line = f" (line {error.problem_mark.line + 1})" if error.problem_mark else ""
        raise SettingsError(f"The stack file {path} is not valid YAML: {error.problem}{line}.") from None
    # What PyYAML lets through for a value that contradicts its type (a month 13, `!!int ""`) is of many kinds.
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError):
        raise SettingsError(
            f"The stack file {path} is not valid YAML: a control character, a date that doesn't exist, a value "
            "that doesn't fit its tag, or nested too deep."
        ) from None
    config = document.get("config") if isinstance(document, dict) else None
    if not isinstance(config, dict):
        raise SettingsError(f"{path} is no stack file: it has no `config:`. {_stack_files(path)}")
    prefix = f"{PROJECT}:"
    raw = {str(key).removeprefix(prefix): value for key, value in config.items() if str(key).startswith(prefix)}
    return parse(raw, str(path))


def _stack_files(path: Path) -> str:
    """Which files were perhaps meant."""
    folder = path if path.is_dir() else path.parent
    found = sorted(str(file) for file in (*folder.glob("Pulumi.*.yaml"), *folder.glob("stacks/Pulumi.*.yaml")))
    return f"Is one of these meant: {', '.join(found)}?" if found else "Give one such as stacks/Pulumi.dev.yaml."


def _structured(value: object) -> object:
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
