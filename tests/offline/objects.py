"""Objects for tests, and what a diff says of them."""

from __future__ import annotations

import copy

from pulumi.runtime.proto import provider_pb2

AUTONAMED = "pulumi.com/autonamed"
FILE = "1-manifest/v1-configmap-shop-settings.yaml"


def unnamed(config_map, **metadata):
    """Gives the object with this metadata only."""
    return config_map | {"metadata": metadata}


def changed(manifest, path, value):
    """Gives a copy with the value at a path; mappings on the way are made."""
    manifest = copy.deepcopy(manifest)
    parent = manifest
    for step in path[:-1]:
        parent = parent.setdefault(step, {}) if isinstance(parent, dict) else parent[step]
    parent[path[-1]] = value
    return manifest


def kinds_of(response):
    """Gives the kind of each change, by its path."""
    return {path: provider_pb2.PropertyDiff.Kind.Name(diff.kind) for path, diff in response.detailedDiff.items()}
