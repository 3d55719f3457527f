"""Tokens and passwords cross no network in clear: what leads into a production stack ends TLS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pulumi_policy import ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

from floe_cube_policies.environments import environment
from floe_cube_policies.pods import Properties, kind_of

SQL_TLS_PORT: Final = 15433
"""Where the proxy beside Cube takes the SQL API's connections."""

_TLS_TARGETS: Final = {"https", "sql-tls", "443", "8443", str(SQL_TLS_PORT)}
_BALANCER_CERTIFICATE: Final = "service.beta.kubernetes.io/aws-load-balancer-ssl-cert"


def _validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if environment() != "prod":
        return
    problems = {"Ingress": _of_ingress, "HTTPRoute": _of_route, "Service": _of_service}.get(
        kind_of(args.resource_type) or ""
    )
    if problems is not None:
        for problem in problems(args.props):
            report(f"{problem}, and tokens would cross the network in clear.", None)


def _of_ingress(properties: Properties) -> Iterator[str]:
    spec = properties.get("spec") or {}
    # A list without hosts is a certificate for all of them.
    certified = [list(tls.get("hosts") or ("",)) for tls in spec.get("tls") or () if tls.get("secretName")]
    hosts = {host for each in certified for host in each}
    for rule in spec.get("rules") or ():
        host = rule.get("host") or ""
        wildcard = f"*.{host.partition('.')[2]}"
        if not hosts & {"", host, wildcard}:
            yield f"The Ingress serves {host or 'every host'} without a certificate (spec.tls)"
    if spec.get("defaultBackend") is not None and not hosts:
        yield "The Ingress has a default backend without a certificate (spec.tls)"


def _of_route(properties: Properties) -> Iterator[str]:
    spec = properties.get("spec") or {}
    for parent in spec.get("parentRefs") or ():
        if not parent.get("sectionName"):
            gateway = parent.get("name")
            yield f"The HTTPRoute takes any listener of the Gateway {gateway} (name the one with TLS, sectionName)"


def _of_service(properties: Properties) -> Iterator[str]:
    spec = properties.get("spec") or {}
    annotations = (properties.get("metadata") or {}).get("annotations") or {}
    leads_outside = spec.get("type") in ("LoadBalancer", "NodePort") and _BALANCER_CERTIFICATE not in annotations
    for port in spec.get("ports") or ():
        target = _text(port.get("targetPort", port.get("port")))
        if target in _TLS_TARGETS:
            continue
        if leads_outside:
            yield f"A {spec.get('type')} leads from outside to the port {target}, which speaks no TLS"
        elif port.get("name") == "sql" and spec.get("clusterIP") != "None":
            yield "The Service offers the SQL API without TLS; name its certificate in sql.tlsSecret"


def _text(port: object) -> str:
    # The engine's protocol has floating-point numbers only.
    return str(int(port)) if isinstance(port, float) else str(port)


PRODUCTION_TLS = ResourceValidationPolicy(
    name="production-tls",
    description="What leads into a production stack ends TLS: Ingress, HTTPRoute, load balancers, and the SQL API.",
    validate=_validate,
)
