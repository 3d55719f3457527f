"""How REST and GraphQL are reached from outside the cluster."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from floe_cube_infra.inputs.settings.section import Section


class IngressSettings(Section):
    """How REST and GraphQL are reached from outside the cluster, with TLS.

    Attributes:
        kind: `none`; an `ingress`; or `gateway`, an HTTPRoute of the Gateway API, whose Gateway ends TLS.
        host: The name that clients ask for.
        tls_secret: For an ingress: the Secret of the type `kubernetes.io/tls` (cert-manager may fill it).
        class_name: For an ingress: its IngressClass; the cluster's default one by default.
        annotations: Annotations of the Ingress or HTTPRoute.
        gateway: For an HTTPRoute: the Gateway's name.
        gateway_namespace: For an HTTPRoute: the Gateway's namespace; the stack's own by default.
        gateway_section: For an HTTPRoute: the Gateway's HTTPS listener.
    """

    kind: Literal["none", "ingress", "gateway"] = "none"
    host: str | None = None
    tls_secret: str | None = None
    class_name: str | None = None
    annotations: dict[str, str] = Field(default_factory=dict)
    gateway: str | None = None
    gateway_namespace: str | None = None
    gateway_section: str | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> IngressSettings:
        needed = {
            "none": {},
            "ingress": {"host": self.host, "tlsSecret": self.tls_secret},
            "gateway": {"host": self.host, "gateway": self.gateway, "gatewaySection": self.gateway_section},
        }[self.kind]
        missing = [name for name, value in needed.items() if value is None]
        if missing:
            raise ValueError(f"kind is {self.kind} without {' and '.join(missing)}; tokens must not travel in clear")
        return self
