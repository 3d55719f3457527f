"""Model files spread over ConfigMaps: under Kubernetes' size limit, and stable.

A file's place depends on its name alone, so that one changed model changes one ConfigMap. The number of shards is
a power of two: when a model outgrows it, each shard splits in two, and nothing moves otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from floe_cube_infra.errors import OutputError

SHARD_LIMIT_BYTES: Final = 900 * 1024
"""Kubernetes takes 1 MiB for a ConfigMap (https://kubernetes.io/docs/concepts/configuration/configmap/); the
rest is for its metadata and for what JSON adds."""

_MOST_SHARDS: Final = 4096


def shards(files: Mapping[str, str]) -> list[dict[str, str]]:
    """The files by shard.

    Args:
        files: Text by path. All files of one model (`orders.yml`, `orders.access.json`) go to the same shard.

    Returns:
        One mapping a shard, each in the order of paths; the shard's index never changes while their number
        stays. At least one.

    Raises:
        OutputError: The files of one model alone are over the limit, or all of them over what shards can hold.
    """
    sizes: dict[str, int] = {}
    models = {path: _model(path) for path in files}
    for path, text in files.items():
        # A byte of slack a line: JSON writes a line break as two bytes.
        size = len(path) + len(text.encode()) + text.count("\n")
        sizes[models[path]] = sizes.get(models[path], 0) + size
    for model, size in sizes.items():
        if size > SHARD_LIMIT_BYTES:
            raise OutputError(
                f"The cube {model} alone takes {size // 1024} KiB, more than the {SHARD_LIMIT_BYTES // 1024} KiB "
                "that fit into a ConfigMap. Shorten its descriptions, or split the dbt model."
            )
    hashes = {model: _hash(model) for model in sizes}
    count = _count(sizes, hashes)
    result: list[dict[str, str]] = [{} for _ in range(count)]
    for path in sorted(files):
        result[hashes[models[path]] % count][path] = files[path]
    return result


def _count(sizes: Mapping[str, int], hashes: Mapping[str, int]) -> int:
    count = 1
    while count <= _MOST_SHARDS:
        totals = [0] * count
        for model, size in sizes.items():
            totals[hashes[model] % count] += size
        if max(totals) <= SHARD_LIMIT_BYTES:
            return count
        count *= 2
    raise OutputError(
        f"The model doesn't fit into {_MOST_SHARDS} ConfigMaps of {SHARD_LIMIT_BYTES // 1024} KiB. "
        "Shorten the longest descriptions, or split the dbt project."
    )


def _model(path: str) -> str:
    return path.rpartition("/")[2].split(".", 1)[0]


def _hash(model: str) -> int:
    return int.from_bytes(hashlib.sha256(model.encode()).digest()[:8], "big")
