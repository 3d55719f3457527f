"""The generated key that signs tokens: a password for each generation, and one Secret with those that are valid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core.v1 import Secret
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_random import RandomPassword

from floe_cube_infra.naming import recommended_labels
from floe_cube_infra.render.environment.generated_secret import NEWEST_KEY, VALID_KEYS

_LENGTH = 64  # RFC 7518, 3.2: as many bytes as the longest hash, HS512


@dataclass(frozen=True, kw_only=True)
class ApiSecretArgs:
    """What is generated.

    Attributes:
        secret: The Secret's name, another one for other generations.
        namespace: The namespace.
        instance: The instance label.
        generations: The names of the valid keys, the newest first.
    """

    secret: str
    namespace: pulumi.Input[str]
    instance: str
    generations: Sequence[str]


class ApiSecret(pulumi.ComponentResource):
    """The Secret.

    Attributes:
        secret_name: Its name.
    """

    secret_name: pulumi.Output[str]

    def __init__(self, name: str, args: ApiSecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:ApiSecret", name, None, opts)
        keys = [
            RandomPassword(
                f"{name}-{generation}",
                length=_LENGTH,
                # The list of keys is separated by commas, and environments by much else.
                special=False,
                opts=pulumi.ResourceOptions(parent=self, additional_secret_outputs=["result"]),
            ).result
            for generation in args.generations
        ]
        secret = Secret(
            # Other generations are another resource, as they are another object: immutable_config_map.py says why.
            f"{name}-{'-'.join(args.generations)}",
            metadata=ObjectMetaArgs(
                name=args.secret,
                namespace=args.namespace,
                labels=recommended_labels("secrets", args.instance),
            ),
            string_data={NEWEST_KEY: keys[0], VALID_KEYS: pulumi.Output.all(*keys).apply(",".join)},
            immutable=True,
            opts=pulumi.ResourceOptions(parent=self, aliases=[pulumi.Alias(name=name)]),
        )
        self.secret_name = secret.metadata.name
        self.register_outputs({"secretName": self.secret_name})
