"""Marquez, which keeps lineage."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from floe_cube_infra.inputs.problems import shown
from floe_cube_infra.inputs.settings.quantities import Cpu
from floe_cube_infra.inputs.settings.section import Section

SecretName = Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$")]
# What a JDBC address takes as it is.
DatabaseHost = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$")]
DatabaseName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]{0,62}$")]


class MarquezSettings(Section):
    """Marquez, which keeps the lineage of queries and builds (OpenLineage). It knows no logins.

    Attributes:
        enabled: Whether the stack runs one.
        url: The address of one that is there, such as `https://marquez.example.com`, where the stack runs none.
        web: Whether its web pages run, too.
        replicas: Pods that take lineage and answer for it.
        cpu: CPU request of a pod, as a Kubernetes quantity.
        memory: Memory request and limit of a pod, in MiB; Java's heap is sized after it.
        retention_days: Days until what was no longer told of is gone.
        database_host: The host of a PostgreSQL that is there; by default the stack runs one, which is not for
            production: it has neither a second copy nor backups, and its volume goes with it.
        database_port: Its port.
        database_name: The database in it.
        database_secret: The Secret with its user (under `secretKeys.marquezUsername`) and password.
        database_encrypted: Whether connections to it are encrypted; with `secretKeys.marquezCaCertificate` the server
            is verified as well.
        database_volume: The volume of the stack's own PostgreSQL, in GiB.
        storage_class: That volume's StorageClass; the cluster's default one by default.
    """

    enabled: bool = False
    url: str | None = None
    web: bool = False
    replicas: Annotated[int, Field(ge=1, le=10)] = 1
    cpu: Cpu = "250m"
    memory: Annotated[int, Field(ge=768, le=65536)] = 1024
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 30
    database_host: DatabaseHost | None = None
    database_port: Annotated[int, Field(ge=1, le=65535)] = 5432
    database_name: DatabaseName = "marquez"
    database_secret: SecretName | None = None
    database_encrypted: bool = True
    database_volume: Annotated[int, Field(ge=1, le=65536)] = 10
    storage_class: str | None = None

    @field_validator("url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_address = False
        if not is_address or "@" in parts.netloc or parts.query or parts.fragment:
            raise ValueError(
                f"{shown(value)} can't be Marquez's address; allowed is http:// or https:// with a host, and a port "
                "and a path where there are some: https://marquez.example.com"
            )
        return value.rstrip("/")

    @property
    def has_own_database(self) -> bool:
        """Whether the stack runs a PostgreSQL for it."""
        return self.enabled and self.database_host is None

    @model_validator(mode="after")
    def _is_coherent(self) -> MarquezSettings:
        problems = []
        if self.enabled and self.url is not None:
            problems.append(f"enabled is true, and url names one that is there ({self.url}); give either")
        if self.web and not self.enabled:
            problems.append("web is true, but enabled is false; set enabled to true, or web to false")
        if (self.database_host is None) != (self.database_secret is None):
            problems.append("one of databaseHost and databaseSecret is given without the other; give both, or neither")
        if problems:
            raise ValueError("; ".join(problems))
        return self
