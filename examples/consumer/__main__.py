"""A dashboard beside the consumption layer: it learns where Cube is, and is let through to it."""

from __future__ import annotations

import pulumi
from pulumi_kubernetes import Provider
from pulumi_kubernetes.core.v1 import ConfigMap, Namespace
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicy,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)

from floe_cube_infra.outputs import read_outputs

config = pulumi.Config()
cube = read_outputs(config.require("consumptionLayer"))
opts = None
if directory := config.get("renderDirectory"):
    opts = pulumi.ResourceOptions(provider=Provider("rendered", render_yaml_to_directory=directory))

namespace = Namespace("dashboards", metadata=ObjectMetaArgs(name=config.get("namespace") or "dashboards"), opts=opts)

# Pods of the dashboard take this with `envFrom`.
ConfigMap(
    "cube",
    metadata=ObjectMetaArgs(name="cube", namespace=namespace.metadata.name),
    data={
        "CUBE_REST_URL": cube.apply(lambda outputs: outputs.rest_endpoint),
        "CUBE_GRAPHQL_URL": cube.apply(lambda outputs: outputs.graphql_endpoint),
        # Another model is another version: whoever keeps answers knows when to ask again.
        "CUBE_MODEL_VERSION": cube.apply(lambda outputs: outputs.model_version),
    },
    opts=opts,
)

# Nobody is a client by default. Policies add up: this one lets the dashboard in beside those of the layer's own stack.
NetworkPolicy(
    "dashboards-to-cube",
    metadata=ObjectMetaArgs(
        name=pulumi.Output.concat("allow-", namespace.metadata.name),
        namespace=cube.apply(lambda outputs: outputs.namespace),
    ),
    spec=NetworkPolicySpecArgs(
        pod_selector=LabelSelectorArgs(match_labels=cube.apply(lambda outputs: outputs.api_pod_labels)),
        policy_types=["Ingress"],
        ingress=[
            NetworkPolicyIngressRuleArgs(
                from_=[
                    NetworkPolicyPeerArgs(
                        namespace_selector=LabelSelectorArgs(
                            match_labels={"kubernetes.io/metadata.name": namespace.metadata.name}
                        )
                    )
                ],
                ports=[NetworkPolicyPortArgs(port=cube.apply(lambda outputs: outputs.api_port), protocol="TCP")],
            )
        ],
    ),
    opts=opts,
)

pulumi.export("asks", cube.apply(lambda outputs: outputs.rest_endpoint))
