"""Secret values and files: what may be written, and how a file is read back without its secrets.

The official provider writes secret values in clear and warns. This one never does: a Secret is rendered with
its keys and a placeholder for each value, and any other object that holds a secret value is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from floe_cube_infra.offline.kubernetes.objects import type_of
from floe_cube_infra.offline.property_path import Path
from floe_cube_infra.offline.wire import Properties, Secret, Value, keep_secret, plain

PLACEHOLDER: Final = "<secret: not rendered>"
_SECRET_FIELDS: Final = ("data", "stringData")


def exposed_secrets(properties: Properties) -> list[Path]:
    """Gives the paths of secret values that a file would show; a Secret's own data isn't among them."""
    hidden = _SECRET_FIELDS if type_of(plain(properties)).is_secret else ()
    visible = {key: value for key, value in properties.items() if key not in hidden}
    return list(_secret_paths(visible, ()))


def _secret_paths(value: Value, path: Path) -> Iterator[Path]:
    if isinstance(value, Secret):
        yield path
    elif isinstance(value, dict):
        for key in sorted(value):
            yield from _secret_paths(value[key], (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _secret_paths(item, (*path, index))


def redacted(manifest: dict[str, Any]) -> dict[str, Any]:
    """Gives a plain object as it is written: a Secret with placeholders.

    They stand under `stringData`, since they aren't base64.
    """
    if not type_of(manifest).is_secret:
        return manifest
    keys = {key for field in _SECRET_FIELDS for key in (manifest.get(field) or {})}
    shown = {key: value for key, value in manifest.items() if key not in _SECRET_FIELDS}
    return {**shown, "stringData": dict.fromkeys(sorted(keys), PLACEHOLDER)} if keys else shown


def restored(written: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """Gives a plain object as it was read, with the values of `known` where placeholders stand.

    A key that was removed by hand stays away, and a value that was written by hand is taken as it is.
    """
    if not type_of(written).is_secret:
        return written
    result = {key: value for key, value in written.items() if key not in _SECRET_FIELDS}
    texts = written.get("stringData") or {}
    data = {key: value for key, value in (known.get("data") or {}).items() if texts.get(key) == PLACEHOLDER} | (
        written.get("data") or {}
    )
    strings = {
        key: (known.get("stringData") or {}).get(key, value) if value == PLACEHOLDER else value
        for key, value in texts.items()
        if key not in data
    }
    for field, values in (("data", data), ("stringData", strings)):
        if values or field in known:
            result[field] = values
    return result


def lacks_values(manifest: dict[str, Any]) -> bool:
    """Says whether a plain object is a Secret that still has placeholders for values."""
    texts = manifest.get("stringData")
    return type_of(manifest).is_secret and isinstance(texts, dict) and PLACEHOLDER in texts.values()


def marked(properties: Properties, like: Properties) -> Properties:
    """Gives `properties` with the secrets of `like`, and the data of a Secret secret in any case."""
    result = {key: keep_secret(value, like.get(key)) for key, value in properties.items()}
    if type_of(plain(properties)).is_secret:
        for field in _SECRET_FIELDS:
            if field in result and not isinstance(result[field], Secret):
                result[field] = Secret(plain(result[field]))
    return result
