"""Secrets that the External Secrets Operator makes; their values never pass through Pulumi.

https://external-secrets.io/latest/api/externalsecret/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from floe_cube_infra.naming import recommended_labels


@dataclass(frozen=True, kw_only=True)
class ExternalSecretsArgs:
    """Which Secrets, from where.

    Attributes:
        namespace: The namespace.
        instance: The instance label.
        store: The store's name.
        store_kind: Its kind.
        refresh_interval: How often the operator looks.
        secrets: What each Secret is called in the store, by its name.
    """

    namespace: pulumi.Input[str]
    instance: str
    store: str
    store_kind: str
    refresh_interval: str
    secrets: Mapping[str, str]


class ExternalSecrets(pulumi.ComponentResource):
    """One ExternalSecret for each Secret."""

    def __init__(self, name: str, args: ExternalSecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:ExternalSecrets", name, None, opts)
        for secret, key in sorted(args.secrets.items()):
            CustomResource(
                f"{name}-{secret}",
                api_version="external-secrets.io/v1",
                kind="ExternalSecret",
                metadata=ObjectMetaArgs(
                    name=secret, namespace=args.namespace, labels=recommended_labels("secrets", args.instance)
                ),
                spec={
                    "refreshInterval": args.refresh_interval,
                    "secretStoreRef": {"name": args.store, "kind": args.store_kind},
                    "target": {"name": secret, "creationPolicy": "Owner"},
                    "dataFrom": [{"extract": {"key": key}}],
                },
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
