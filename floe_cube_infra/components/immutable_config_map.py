"""Immutable ConfigMaps that are named by their content.

The resource carries the content's hash as well as the object: a changed one is another resource, created before the
pods roll and dropped after. Were it the same resource, replaced, then an update that fails halfway and the way back to
what was before would create and delete an object of one name in one update, and the deletion comes last.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.core.v1 import ConfigMap
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from floe_cube_infra.naming import content_hash


def immutable_config_map(
    name: str,
    data: Mapping[str, str],
    *,
    namespace: pulumi.Input[str],
    labels: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> ConfigMap:
    """A ConfigMap.

    Args:
        name: What its name begins with.
        data: Text by key.
        namespace: The namespace.
        labels: Its labels.
        opts: Its options.
    """
    own_name = f"{name}-{content_hash(part for item in sorted(data.items()) for part in item)}"
    return ConfigMap(
        own_name,
        metadata=ObjectMetaArgs(name=own_name, namespace=namespace, labels=labels),
        data=data,
        immutable=True,
        # What it was called before its resource had the hash.
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=[pulumi.Alias(name=name)])),
    )
