"""How REST and GraphQL are reached from outside the cluster: an Ingress, or a route of the Gateway API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    HTTPIngressPathArgs,
    HTTPIngressRuleValueArgs,
    Ingress,
    IngressBackendArgs,
    IngressRuleArgs,
    IngressServiceBackendArgs,
    IngressSpecArgs,
    IngressTLSArgs,
    ServiceBackendPortArgs,
)

from floe_cube_infra.naming import recommended_labels

PATH: Final = "/cubejs-api"
"""Cube's API; its probes, and in development its playground, lie beside it and stay inside."""


@dataclass(frozen=True, kw_only=True)
class IngressTls:
    """An Ingress that ends TLS.

    Attributes:
        class_name: Its IngressClass; None for the cluster's default one.
        tls_secret: The Secret with the certificate.
    """

    class_name: str | None
    tls_secret: str


@dataclass(frozen=True, kw_only=True)
class GatewayListener:
    """A Gateway's listener, which ends TLS.

    Attributes:
        gateway: The Gateway's name.
        namespace: Its namespace; None for the stack's own.
        section: The listener.
    """

    gateway: str
    namespace: str | None
    section: str


@dataclass(frozen=True, kw_only=True)
class PublicEndpointArgs:
    """What clients ask for, and who answers.

    Attributes:
        namespace: The namespace.
        instance: The instance label.
        host: The name that clients ask for.
        annotations: Annotations of the object.
        way: How it is done.
        service: The Service that answers.
        port: Its port.
    """

    namespace: pulumi.Input[str]
    instance: str
    host: str
    annotations: Mapping[str, str]
    way: IngressTls | GatewayListener
    service: pulumi.Input[str]
    port: int


class PublicEndpoint(pulumi.ComponentResource):
    """The way in from outside.

    Attributes:
        url: Where clients find Cube's API.
    """

    url: str

    def __init__(self, name: str, args: PublicEndpointArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:PublicEndpoint", name, None, opts)
        metadata = ObjectMetaArgs(
            name=name,
            namespace=args.namespace,
            labels=recommended_labels("endpoint", args.instance),
            annotations=args.annotations or None,
        )
        child = pulumi.ResourceOptions(parent=self)
        if isinstance(args.way, IngressTls):
            Ingress(name, metadata=metadata, spec=_ingress(args, args.way), opts=child)
        else:
            CustomResource(
                name,
                api_version="gateway.networking.k8s.io/v1",
                kind="HTTPRoute",
                metadata=metadata,
                spec=_route(args, args.way),
                opts=child,
            )
        self.url = f"https://{args.host}{PATH}"
        self.register_outputs({"url": self.url})


def _ingress(args: PublicEndpointArgs, way: IngressTls) -> IngressSpecArgs:
    service = IngressServiceBackendArgs(name=args.service, port=ServiceBackendPortArgs(number=args.port))
    path = HTTPIngressPathArgs(path=PATH, path_type="Prefix", backend=IngressBackendArgs(service=service))
    return IngressSpecArgs(
        ingress_class_name=way.class_name,
        tls=[IngressTLSArgs(hosts=[args.host], secret_name=way.tls_secret)],
        rules=[IngressRuleArgs(host=args.host, http=HTTPIngressRuleValueArgs(paths=[path]))],
    )


def _route(args: PublicEndpointArgs, way: GatewayListener) -> Mapping[str, object]:
    parent = {"name": way.gateway, "sectionName": way.section}
    return {
        "parentRefs": [parent if way.namespace is None else {**parent, "namespace": way.namespace}],
        "hostnames": [args.host],
        "rules": [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": PATH}}],
                "backendRefs": [{"name": args.service, "port": args.port}],
            }
        ],
    }
