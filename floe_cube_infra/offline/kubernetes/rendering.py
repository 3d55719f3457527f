"""An object as a YAML file: where it goes and what stands in it.

The paths are the official provider's (`renderPathForResource` in `provider/pkg/provider/provider.go`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, Final

import yaml

from floe_cube_infra.offline.kubernetes.objects import metadata_of, text_of, type_of
from floe_cube_infra.offline.wire import Plain

# libyaml where PyYAML has it: ten times faster, which a ConfigMap of a megabyte shows.
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NEVER_FOLD: Final = 2**30

# Texts that every YAML reader takes as text without quotes; any other is quoted, since readers differ about
# `1e3`, `0o7`, `12:30` or `y`.
_SURELY_TEXT: Final = re.compile(r"[A-Za-z_/][A-Za-z0-9_./@+ :=,-]*")
_WORDS_WITH_A_MEANING: Final = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"])
# What a block would lose, or a reader would take as the end of a line: all but printable characters and \n.
_NOT_IN_A_BLOCK: Final = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffd]"
)
_TRAILING_SPACE: Final = re.compile(r" (\n|$)")


def file_of(manifest: dict[str, Any]) -> PurePath:
    """Gives the file of an object, relative to the render directory."""
    kind, metadata = type_of(manifest), metadata_of(manifest)
    api_version = re.sub("[/:]", "_", str(manifest["apiVersion"]))
    namespace = text_of(metadata, "namespace") or "default"
    folder = "0-crd" if kind.is_custom_resource_definition else "1-manifest"
    return PurePath(folder, f"{api_version}-{kind.kind.lower()}-{namespace}-{metadata['name']}.yaml")


def to_yaml(manifest: dict[str, Any]) -> str:
    """Gives a plain object as YAML: keys sorted, texts of several lines as blocks, doubtful texts quoted."""
    text: str = yaml.dump(
        _with_keys(manifest, _to_dashes), Dumper=_ManifestDumper, allow_unicode=True, width=_NEVER_FOLD
    )
    return text


def from_yaml(text: str) -> dict[str, Any]:
    """Gives the object in a rendered file.

    Raises:
        ValueError: If the text isn't one YAML mapping; the message gives the line, and quotes nothing.
    """
    try:
        manifest = yaml.load(text, Loader=_ManifestLoader)  # noqa: S506  # nosec B506 # derived from a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise ValueError(f"{error.problem}, line {mark.line + 1}" if mark else str(error.problem)) from None
    except yaml.YAMLError as error:
        raise ValueError(type(error).__name__) from None
    if not isinstance(manifest, dict):
        raise ValueError("it holds no mapping")  # noqa: TRY004 - the file's fault, not the caller's
    return _with_keys(manifest, _to_underscores)


class _ManifestDumper(_Dumper):  # type: ignore[misc]
    """Writes texts so that every YAML reader takes them as texts, and no aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


class _ManifestLoader(_Loader):  # type: ignore[misc]
    """Reads a date as the text that it is: JSON, and so Kubernetes, has no dates."""


_ManifestLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def _represent_text(dumper: yaml.representer.SafeRepresenter, text: str) -> yaml.ScalarNode:
    node: yaml.ScalarNode = dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))
    return node


def _style(text: str) -> str | None:
    if _NOT_IN_A_BLOCK.search(text):
        return '"'
    if "\n" in text:
        # A block can't begin with a space or an empty line without a hint that readers treat differently.
        return '"' if _TRAILING_SPACE.search(text) or text[0] in " \n" else "|"
    if _SURELY_TEXT.fullmatch(text) and text.lower() not in _WORDS_WITH_A_MEANING:
        return None
    return "'"


_ManifestDumper.add_representer(str, _represent_text)


# Python's names for fields that Kubernetes spells with dashes, in the schemas of custom resources.
_DASHED: Final = {
    f"x_kubernetes_{name}": f"x-kubernetes-{name.replace('_', '-')}"
    for name in (
        "embedded_resource",
        "int_or_string",
        "list_map_keys",
        "list_type",
        "map_type",
        "preserve_unknown_fields",
        "validations",
    )
}
_UNDERSCORED: Final = {dashed: name for name, dashed in _DASHED.items()}


def _to_dashes(key: str) -> str:
    return _DASHED.get(key, key)


def _to_underscores(key: str) -> str:
    return _UNDERSCORED.get(key, key)


def _with_keys(manifest: dict[str, Any], spelt: Callable[[str], str]) -> dict[str, Any]:
    if not type_of(manifest).is_custom_resource_definition:
        return manifest

    def respelt(value: Plain) -> Plain:
        if isinstance(value, dict):
            return {spelt(key): respelt(item) for key, item in value.items()}
        return [respelt(item) for item in value] if isinstance(value, list) else value

    return {key: respelt(value) for key, value in manifest.items()}
