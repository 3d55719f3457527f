"""Which rules and secrets `floe-cube token` goes by."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from floe_cube_infra import generation
from floe_cube_infra.errors import FloeCubeError, SettingsError
from floe_cube_infra.inputs import compiled_artifacts, sources
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.model.cube_config import CubeConfig
from floe_cube_infra.model.gateway import Gateway
from floe_cube_infra.render.settings_json import render_settings
from floe_cube_infra.translate.row_filters import claim_demands

if TYPE_CHECKING:
    from floe_cube_infra.security.rules import TokenRules

# `security` is imported where it is needed: other commands start a tenth of a second sooner without.


def default_document(claims: Sequence[str] | None = None) -> Mapping[str, Any]:
    """The `settings.json` of a stack that sets nothing.

    Args:
        claims: The claims that it demands; by default its own.
    """
    document: dict[str, Any] = json.loads(
        render_settings(CubeConfig(database_type="postgres"), Gateway(), sql_api="off")
    )
    if claims is not None:
        document["rowLevelSecurity"]["claims"] = list(claims)
    return document


def document_of_stack(settings: Settings) -> Mapping[str, Any]:
    """The `settings.json` of a stack; without its dbt manifest, which may be elsewhere, that of claims of any type.

    Raises:
        FloeCubeError: The artifacts can't be read, or are wrong.
    """
    location = sources.resolve(settings.artifacts, Path.cwd())
    artifacts = compiled_artifacts.load(sources.read(location, "compiled artifacts file"), location)
    text = _generated(settings)
    if text is None:
        config = generation.cube_config(artifacts, settings)
        demands = claim_demands(config.row_level_security.filter_column, settings.security)
        text = render_settings(config, generation.gateway(settings), sql_api=settings.sql_api, demands=demands)
    document: dict[str, Any] = json.loads(text)
    return document


def _generated(settings: Settings) -> str | None:
    try:
        generated = generation.generate(settings, Path.cwd())
    except FloeCubeError:
        return None
    return None if generated is None else generated.files.configuration["settings.json"]


def read_json_object(path: Path, what: str) -> Mapping[str, Any]:
    """A JSON object in a file.

    Raises:
        SettingsError: There is none; nothing of the file's content is repeated.
    """
    try:
        document = json.loads(_read_text(path, what))
    except (ValueError, RecursionError):
        raise SettingsError(f"The {what} {path} is not JSON.") from None
    if not isinstance(document, dict):
        raise SettingsError(f"The {what} {path} is not a JSON object.")
    return document


def rules_for(
    document: Mapping[str, Any], secret_env: str | None, secret_file: Path | None, key_set: Path | None
) -> TokenRules:
    """The rules of a `settings.json`, with the secrets or keys that are to hand.

    Raises:
        SettingsError: There is no secret where one is needed, or a file can't be read.
        RulesError: The document or a secret is wrong.
    """
    from floe_cube_infra.security.rules import SHARED_SECRET_ALGORITHMS, rules_from_settings  # noqa: PLC0415

    keys = _keys(key_set) if key_set is not None else []
    jwt = document.get("jwt")
    algorithms = jwt.get("algorithms") if isinstance(jwt, dict) else None
    first = algorithms[0] if isinstance(algorithms, list) and algorithms else None
    uses_secrets = first in SHARED_SECRET_ALGORITHMS
    if uses_secrets and key_set is not None:
        raise SettingsError("A key set is of no use here: a shared secret signs the tokens that these rules take.")
    secrets = _secrets(secret_env, secret_file) if uses_secrets else ()
    return rules_from_settings(document, secrets, keys)


def _secrets(secret_env: str | None, secret_file: Path | None) -> tuple[str, ...]:
    from floe_cube_infra.security.shared_secrets import ROTATION, SINGLE, listed_secrets, shared_secrets  # noqa: PLC0415

    found: tuple[str, ...]
    if secret_file is not None:
        # Editors end a file with a line break, which is none of the secret's.
        secret = _read_text(secret_file, "file with the secret").removesuffix("\n").removesuffix("\r")
        found, tried = (secret,) if secret else (), f"{secret_file} is empty"
    elif secret_env == ROTATION:
        found, tried = listed_secrets(os.environ.get(ROTATION, "")), f"{ROTATION} is not set"
    elif secret_env is not None:
        found = (os.environ[secret_env],) if os.environ.get(secret_env) else ()
        tried = f"the environment variable of --secret-env is not set ({secret_env})"
    else:
        found, tried = shared_secrets(os.environ), f"neither {ROTATION} nor {SINGLE} is set"
    if not found:
        raise SettingsError(
            f"There is no secret to sign or verify with: {tried}. Put the secret that Cube has into an environment "
            "variable (--secret-env) or a file (--secret-file); it is never taken as an argument, which others see."
        )
    return found


def _keys(path: Path) -> list[Mapping[str, Any]]:
    keys = read_json_object(path, "key set").get("keys")
    if not isinstance(keys, list):
        raise SettingsError(f"The key set {path} has no list `keys` (RFC 7517, 5).")
    return [key for key in keys if isinstance(key, dict)]


def _read_text(path: Path, what: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"The {what} {path} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"The {what} {path} can't be read: it is not UTF-8 text.") from None
