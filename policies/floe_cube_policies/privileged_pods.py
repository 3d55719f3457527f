"""Nothing of the stack needs more rights than a user's process has.

The rules are those of the Pod Security Standard "restricted", which the stack's own namespace enforces by itself:
https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pulumi_policy import ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

from floe_cube_policies.pods import Properties, containers_of, pod_of

_HOSTS: Final = ("hostNetwork", "hostPID", "hostIPC")
_ALLOWED_CAPABILITIES: Final = {"NET_BIND_SERVICE"}
_ALLOWED_SECCOMP: Final = ("RuntimeDefault", "Localhost")


def _validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
    pod = pod_of(args.resource_type, args.props)
    if pod is None:
        return
    if of_pod := [*_problems_of_pod(pod)]:
        report(f"The pod {', '.join(of_pod)}; nothing of the stack needs that.", None)
    for container in containers_of(pod):
        if problems := [*_problems_of_container(container, pod.get("securityContext") or {})]:
            report(f"The container {container.get('name')} {'; '.join(problems)}.", None)


def _problems_of_pod(pod: Properties) -> Iterator[str]:
    for key in _HOSTS:
        if pod.get(key):
            yield f"has {key}"
    for volume in pod.get("volumes") or ():
        if volume.get("hostPath") is not None:
            yield f"mounts a folder of its node ({volume.get('name')})"


def _problems_of_container(container: Properties, of_pod: Properties) -> Iterator[str]:
    own = container.get("securityContext") or {}
    if own.get("privileged"):
        yield "is privileged: set securityContext.privileged to false"
    if own.get("allowPrivilegeEscalation") is not False:
        yield "may gain rights: set securityContext.allowPrivilegeEscalation to false"
    if not own.get("runAsNonRoot", of_pod.get("runAsNonRoot")):
        yield "may run as root: set securityContext.runAsNonRoot to true"
    if own.get("runAsUser", of_pod.get("runAsUser")) == 0:
        yield "runs as root: set securityContext.runAsUser to another user"
    seccomp = own.get("seccompProfile") or of_pod.get("seccompProfile") or {}
    if seccomp.get("type") not in _ALLOWED_SECCOMP:
        yield "may make any system call: set securityContext.seccompProfile.type to RuntimeDefault"
    ports = [int(port["hostPort"]) for port in container.get("ports") or () if port.get("hostPort")]
    if ports:
        yield f"takes ports of its node ({', '.join(map(str, ports))}): use a Service"
    capabilities = own.get("capabilities") or {}
    added = sorted(set(capabilities.get("add") or ()) - _ALLOWED_CAPABILITIES)
    if added:
        yield f"adds the capabilities {', '.join(added)}: take them out"
    if "ALL" not in list(capabilities.get("drop") or ()):
        yield "keeps capabilities: set securityContext.capabilities.drop to [ALL]"


NO_PRIVILEGED_PODS = ResourceValidationPolicy(
    name="no-privileged-pods",
    description="No pod runs as root, has or gains rights of its node, or mounts a folder of it.",
    validate=_validate,
)
