"""How large a container is."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_kubernetes.core.v1 import ResourceRequirementsArgs


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a container is.

    Attributes:
        cpu: CPU request, as a Kubernetes quantity. There is no limit: idle CPU is anyone's.
        memory_mib: Memory request and limit, in MiB: what a pod was promised it can have, and no more.
    """

    cpu: str
    memory_mib: int

    def requirements(self) -> ResourceRequirementsArgs:
        """As Kubernetes takes it."""
        memory = f"{self.memory_mib}Mi"
        return ResourceRequirementsArgs(
            requests={"cpu": self.cpu, "memory": memory},
            limits={"memory": memory},
        )
