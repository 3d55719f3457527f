"""Network policies: nothing may talk to anything, but for the flows that are listed.

https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, ip_network
from typing import Final

import pulumi
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    IPBlockArgs,
    NetworkPolicy,
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)

from floe_cube_infra.naming import recommended_labels

# Where clouds tell a machine who it is: with credentials that are no pod's business.
_LINK_LOCAL: Final = IPv4Network("169.254.0.0/16")
_DNS_PORT: Final = 53


@dataclass(frozen=True)
class Component:
    """The pods of one of our components, by their label."""

    name: str


@dataclass(frozen=True)
class AnyPod:
    """Every pod of the cluster."""


@dataclass(frozen=True)
class Namespace:
    """All pods of a namespace."""

    name: str


@dataclass(frozen=True)
class Addresses:
    """Addresses outside the cluster, as a CIDR; never those at which a cloud's machines find their credentials."""

    cidr: str


Peer = Component | AnyPod | Namespace | Addresses


@dataclass(frozen=True, kw_only=True)
class Flow:
    """An arrow of the architecture: who opens a connection to whom.

    Attributes:
        source: Who opens it.
        target: Who is asked.
        ports: On which TCP ports of the target's pods.
    """

    source: Peer
    target: Peer
    ports: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class NetworkPoliciesArgs:
    """What is allowed.

    Attributes:
        namespace: The namespace.
        instance: The instance label.
        flows: Everything that is allowed, beside asking the cluster's DNS.
        dns_namespace: Where the cluster's DNS runs.
    """

    namespace: pulumi.Input[str]
    instance: str
    flows: Sequence[Flow]
    dns_namespace: str


class NetworkPolicies(pulumi.ComponentResource):
    """A policy that denies everything, one that allows DNS, and one for each component."""

    def __init__(self, name: str, args: NetworkPoliciesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:NetworkPolicies", name, None, opts)
        self._name, self._args = name, args
        everyone = LabelSelectorArgs()
        self._policy("default-deny", NetworkPolicySpecArgs(pod_selector=everyone, policy_types=["Ingress", "Egress"]))
        dns = NetworkPolicyEgressRuleArgs(
            to=[_peer(Namespace(args.dns_namespace), args.instance)],
            ports=[NetworkPolicyPortArgs(protocol=protocol, port=_DNS_PORT) for protocol in ("TCP", "UDP")],
        )
        self._policy("allow-dns", NetworkPolicySpecArgs(pod_selector=everyone, policy_types=["Egress"], egress=[dns]))
        for component in components_of(args.flows):
            self._policy(f"allow-{component.name}", rules_of(component, args.flows, args.instance))
        self.register_outputs({})

    def _policy(self, name: str, spec: NetworkPolicySpecArgs) -> None:
        NetworkPolicy(
            f"{self._name}-{name}",
            metadata=ObjectMetaArgs(
                name=name,
                namespace=self._args.namespace,
                labels=recommended_labels("network", self._args.instance),
            ),
            spec=spec,
            opts=pulumi.ResourceOptions(parent=self),
        )


def components_of(flows: Sequence[Flow]) -> list[Component]:
    """The components that take part in any flow, by name."""
    ends = {end for flow in flows for end in (flow.source, flow.target) if isinstance(end, Component)}
    return sorted(ends, key=lambda component: component.name)


def rules_of(component: Component, flows: Sequence[Flow], instance: str) -> NetworkPolicySpecArgs:
    """What one component may do: answer those that have a flow to it, and ask those that it has one to."""
    return NetworkPolicySpecArgs(
        pod_selector=LabelSelectorArgs(match_labels=recommended_labels(component.name, instance)),
        policy_types=["Ingress", "Egress"],
        ingress=[
            NetworkPolicyIngressRuleArgs(from_=[_peer(flow.source, instance)], ports=_ports(flow))
            for flow in flows
            if flow.target == component
        ],
        egress=[
            NetworkPolicyEgressRuleArgs(to=[_peer(flow.target, instance)], ports=_ports(flow))
            for flow in flows
            if flow.source == component
        ],
    )


def _ports(flow: Flow) -> list[NetworkPolicyPortArgs]:
    return [NetworkPolicyPortArgs(protocol="TCP", port=port) for port in flow.ports]


def _peer(peer: Peer, instance: str) -> NetworkPolicyPeerArgs:
    match peer:
        case Component(name):
            return NetworkPolicyPeerArgs(
                pod_selector=LabelSelectorArgs(match_labels=recommended_labels(name, instance))
            )
        case AnyPod():
            return NetworkPolicyPeerArgs(namespace_selector=LabelSelectorArgs())
        case Namespace(name):
            return NetworkPolicyPeerArgs(
                namespace_selector=LabelSelectorArgs(match_labels={"kubernetes.io/metadata.name": name})
            )
        case Addresses(cidr):
            network = ip_network(cidr)
            holds_link_local = isinstance(network, IPv4Network) and _LINK_LOCAL.subnet_of(network)
            return NetworkPolicyPeerArgs(
                ip_block=IPBlockArgs(cidr=cidr, except_=[str(_LINK_LOCAL)] if holds_link_local else None)
            )
