"""How the SQL API is reached."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from floe_cube_infra.inputs.settings.section import Section


class SqlSettings(Section):
    """How the SQL API is reached. Cube itself speaks no TLS on that port, so a proxy beside it does.

    Attributes:
        tls_secret: The Secret of the type `kubernetes.io/tls` with the SQL API's certificate.
        load_balancer: Whether a load balancer of the cloud leads to the SQL API.
        annotations: Annotations of its Service, by which clouds are told what kind it should be.
        organizations: With `api.sqlApi: perOrganization`, the organizations that get a service, by the value that their
            tokens have in the first filter's claim.
        source_ranges: Addresses that may use it, as CIDRs; all by default.
    """

    tls_secret: str | None = None
    load_balancer: bool = False
    annotations: dict[str, str] = Field(default_factory=dict)
    source_ranges: tuple[str, ...] = ()
    organizations: tuple[Annotated[str, Field(min_length=1, max_length=255)], ...] = ()

    @model_validator(mode="after")
    def _is_encrypted(self) -> SqlSettings:
        if self.load_balancer and self.tls_secret is None:
            raise ValueError(
                "loadBalancer is true without a tlsSecret, and passwords would cross the network in clear; name the "
                "Secret of the type kubernetes.io/tls that has the certificate"
            )
        return self
