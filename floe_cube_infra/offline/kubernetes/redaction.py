"""Secret values and files: what may be written, and how a file is read back without its secrets.

The official provider writes secret values in clear and warns. This one never does: a Secret is rendered with
its keys and a placeholder for each value, and any other object that holds a secret value is refused.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, Final

from floe_cube_infra.offline.kubernetes.objects import type_of
from floe_cube_infra.offline.property_path import Path
from floe_cube_infra.offline.wire import Plain, Properties, Secret, Value, keep_secret, plain

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


def secret_texts(properties: Properties) -> set[str]:
    """Gives every secret text of an object, as it is and in base64: what no message may quote."""
    values = [_at(properties, path) for path in _secret_paths(properties, ())]
    if type_of(plain(properties)).is_secret:
        values += [plain(properties.get(field)) for field in _SECRET_FIELDS]
    texts = {text for value in values for text in _texts(plain(value)) if text}
    return texts | {base64.b64encode(text.encode()).decode() for text in texts}


def _at(value: Value, path: Path) -> Value:
    for step in path:
        value = value[step]  # type: ignore[index]
    return value


def _texts(value: Plain) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)


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
