"""What is wrong with a pod, in words that name it: as `kubectl describe pod` would show, in a line each."""

from __future__ import annotations

from typing import Any, Final

from floe_cube_infra.offline.kubernetes.cluster.readiness import Object, condition

# A container that waits for these is on its way.
_ON_THE_WAY: Final = frozenset({"ContainerCreating", "PodInitializing"})
_ADVICE: Final = {
    "CrashLoopBackOff": "look at its log: kubectl logs {pod} -c {container} -n {namespace} --previous",
    "CreateContainerConfigError": "a Secret or ConfigMap that it names is missing, or lacks the key",
    "ErrImagePull": "check the image's name and digest, and the pull secret",
    "ImagePullBackOff": "check the image's name and digest, and the pull secret",
    "InvalidImageName": "check the image's name",
}


def pod_problems(pod: Object) -> list[str]:
    """Gives what keeps a pod from being ready; empty while there is nothing but to wait."""
    metadata, status = pod["metadata"], pod.get("status") or {}
    where = f"Pod {metadata.get('namespace', '')}/{metadata['name']}"
    problems: list[str] = []
    scheduled = condition(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        problems.append(f"{where} has no node ({scheduled.get('reason')}): {scheduled.get('message')}")
    if status.get("phase") == "Failed":
        problems.append(f"{where} failed ({status.get('reason') or 'no reason given'}): {status.get('message') or ''}")
    for field in ("initContainerStatuses", "containerStatuses"):
        for item in status.get(field) or []:
            if problem := _container(item, metadata, runs_to_its_end=field == "initContainerStatuses"):
                problems.append(f"{where}: {problem}")
    return problems


def _container(status: dict[str, Any], metadata: dict[str, Any], *, runs_to_its_end: bool) -> str | None:
    name, state = status["name"], status.get("state") or {}
    waiting, ended = state.get("waiting") or {}, state.get("terminated") or {}
    before = (status.get("lastState") or {}).get("terminated") or {}
    if waiting and (reason := waiting.get("reason")) not in {*_ON_THE_WAY, None}:
        told = f"container {name} waits: {reason}"
        told += f": {waiting['message']}" if waiting.get("message") else ""
        told += f" (image {status.get('image')})" if "Image" in str(reason) else ""
        told += f"; it ended with {_end(before)}" if before else ""
        advice = _ADVICE.get(str(reason), "").format(
            pod=metadata["name"], container=name, namespace=metadata.get("namespace", "")
        )
        return told + (f"; {advice}" if advice else "")
    if ended and ended.get("exitCode") != 0:
        return f"container {name} ended with {_end(ended)}"
    if "running" in state and status.get("ready") is False and not runs_to_its_end:
        restarts = status.get("restartCount") or 0
        return f"container {name} runs and isn't ready (its probes fail; restarted {restarts} times)"
    return None


def _end(terminated: dict[str, Any]) -> str:
    reason = terminated.get("reason")
    return f"exit code {terminated.get('exitCode')}" + (f" ({reason})" if reason else "")
