"""Who may talk to whom."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from floe_cube_infra.inputs.settings.section import Section

ANYWHERE = ("0.0.0.0/0", "::/0")


class PeerSettings(Section):
    """Whoever is at the other end: either one.

    Attributes:
        namespace: All pods of a namespace.
        cidr: Addresses outside the cluster.
    """

    namespace: str | None = None
    cidr: str | None = None

    @field_validator("cidr")
    @classmethod
    def _is_network(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ip_network(value)
            except ValueError:
                raise ValueError(f"{value!r} is no CIDR; allowed are such as 10.0.0.0/16") from None
        return value

    @model_validator(mode="after")
    def _is_one(self) -> PeerSettings:
        if (self.namespace is None) == (self.cidr is None):
            raise ValueError("give either a namespace or a cidr")
        return self


def _anywhere() -> tuple[PeerSettings, ...]:
    return tuple(PeerSettings(cidr=cidr) for cidr in ANYWHERE)


class NetworkSettings(Section):
    """Who may talk to whom. Without a network policy Cube Store is open to the whole cluster: it knows no password.

    Attributes:
        policies: Whether there are network policies: nothing is allowed but what is listed.
        clients: Who may query the API: the namespaces of ingress controller and applications. Nobody by default.
        warehouse: Where the warehouse is; anywhere by default.
        warehouse_port: Its port; by default that of the artifacts, else the database's usual one.
        identity_provider: Where the identity provider's public keys are (`tokens.jwksUri`); anywhere by default.
        object_storage: Where buckets are; anywhere by default, on the port of their address.
        marquez: Where a Marquez that is there is (`marquez.url`); anywhere by default.
        marquez_clients: Who else may tell the stack's own Marquez lineage, and ask it, such as dbt. Nobody by default.
        marquez_database: Where Marquez's database is (`marquez.databaseHost`); anywhere by default.
        telemetry: Where existing collectors, and what keeps traces, metrics and lineage, are; anywhere by default,
            within the cluster, too.
        monitoring: Who may read the own metrics of collector and Marquez: Prometheus' namespace. Nobody by default.
        dns_namespace: Where the cluster's DNS runs.
    """

    policies: bool = True
    clients: tuple[PeerSettings, ...] = ()
    warehouse: tuple[PeerSettings, ...] = Field(default_factory=_anywhere)
    warehouse_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    identity_provider: tuple[PeerSettings, ...] = Field(default_factory=_anywhere)
    object_storage: tuple[PeerSettings, ...] = Field(default_factory=_anywhere)
    marquez: tuple[PeerSettings, ...] = Field(default_factory=_anywhere)
    marquez_clients: tuple[PeerSettings, ...] = ()
    marquez_database: tuple[PeerSettings, ...] = Field(default_factory=_anywhere)
    telemetry: tuple[PeerSettings, ...] | None = None
    monitoring: tuple[PeerSettings, ...] = ()
    dns_namespace: str = "kube-system"
