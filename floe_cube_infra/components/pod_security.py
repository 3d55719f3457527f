"""What makes every pod pass the Pod Security Standard "restricted", with a read-only root file system on top.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pulumi_kubernetes.core.v1 import (
    CapabilitiesArgs,
    EmptyDirVolumeSourceArgs,
    PodSecurityContextArgs,
    SeccompProfileArgs,
    SecurityContextArgs,
    VolumeArgs,
    VolumeMountArgs,
)

USER_ID: Final = 10001
"""Who runs in containers: nobody in particular, and no user of a node, should anything ever get out of one."""

NODE_USER_ID: Final = 1000
"""Who runs where Node does: `node` in its image. Node asks who the user is, and fails for one that isn't listed."""

NAMESPACE_LABELS: Final[Mapping[str, str]] = {
    f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("audit", "enforce", "warn")
}

TEMPORARY_PATH: Final = "/tmp"  # noqa: S108  # nosec B108
_TEMPORARY: Final = "tmp"


def pod_security(*, owns_volumes: bool = False, user_id: int = USER_ID) -> PodSecurityContextArgs:
    """The pod's security context.

    Args:
        owns_volumes: Whether volumes are handed to the user, as persistent ones have to be.
        user_id: Who runs in it, where an image wants a user that it knows.
    """
    return PodSecurityContextArgs(
        run_as_non_root=True,
        run_as_user=user_id,
        run_as_group=user_id,
        fs_group=user_id if owns_volumes else None,
        # A volume with many files would otherwise be walked at every start.
        fs_group_change_policy="OnRootMismatch" if owns_volumes else None,
        seccomp_profile=SeccompProfileArgs(type="RuntimeDefault"),
    )


def container_security() -> SecurityContextArgs:
    """Each container's security context."""
    return SecurityContextArgs(
        allow_privilege_escalation=False,
        capabilities=CapabilitiesArgs(drop=["ALL"]),
        privileged=False,
        read_only_root_filesystem=True,
        run_as_non_root=True,
    )


def temporary_volume(size: str = "1Gi") -> VolumeArgs:
    """A place for temporary files, as large as `size` at most."""
    return VolumeArgs(name=_TEMPORARY, empty_dir=EmptyDirVolumeSourceArgs(size_limit=size))


def temporary_mount() -> VolumeMountArgs:
    """Mounts it where programs look for it."""
    return VolumeMountArgs(name=_TEMPORARY, mount_path=TEMPORARY_PATH)
