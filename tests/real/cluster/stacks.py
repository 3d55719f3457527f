"""Stacks of the whole program that are provisioned on the control plane."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.program.engine import Project
from tests.real.cluster.control_plane import ControlPlane

# Objects of which a test waits for the failure need not be waited for as long as a user would.
IMPATIENT = """\
import pulumi

def soon(resource):
    resource.opts.custom_timeouts = pulumi.CustomTimeouts(create="{time}", update="{time}")
    return pulumi.ResourceTransformationResult(resource.props, resource.opts)

pulumi.runtime.register_stack_transformation(soon)
"""


def impatient(project: Project, time: str) -> None:
    """Lets the program wait for no object longer than this."""
    program = project.folder / "__main__.py"
    program.write_text(IMPATIENT.format(time=time) + program.read_text())


def describe(manifest: dict[str, Any], text: str) -> None:
    """Changes the shop's manifest as an edit of a model would."""
    manifest["nodes"]["model.shop.orders"]["columns"]["status"]["description"] = text


@contextmanager
def started(project: Project, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Runs the CLI while the block does something else to it or the cluster."""
    environment = {name: value for name, value in os.environ.items() if name != "PULUMI_CONFIG_PASSPHRASE"}
    process = subprocess.Popen(
        ["pulumi", *words, "--stack", project.stack, "--non-interactive", "--color=never"],
        cwd=project.folder,
        env=environment | project.variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class ReadyPods:
    """Watches pods and keeps the fewest that were ready at any moment."""

    def __init__(self, control_plane: ControlPlane, namespace: str, component: str) -> None:
        self._control_plane = control_plane
        self._path = f"/api/v1/namespaces/{namespace}/pods"
        self._labels = f"app.kubernetes.io/component={component}"
        self._ready: set[str] = set()
        self.fewest = 0
        self.events = 0

    @contextmanager
    def watched(self) -> Iterator[ReadyPods]:
        """Watches while the block runs."""
        listed = self._control_plane.get(self._path, labelSelector=self._labels)
        self._ready = {pod["metadata"]["uid"] for pod in listed["items"] if _serves(pod)}
        self.fewest = len(self._ready)
        version = listed["metadata"]["resourceVersion"]
        over = threading.Event()
        thread = threading.Thread(target=self._watch, args=(version, over))
        thread.start()
        try:
            yield self
        finally:
            over.set()
            thread.join()

    def _watch(self, version: str, over: threading.Event) -> None:
        for event in self._control_plane.watch(self._path, version, over, labelSelector=self._labels):
            self.events += 1
            uid = event["object"]["metadata"]["uid"]
            if event["type"] != "DELETED" and _serves(event["object"]):
                self._ready.add(uid)
            else:
                self._ready.discard(uid)
            self.fewest = min(self.fewest, len(self._ready))


def _serves(pod: dict[str, Any]) -> bool:
    conditions = pod.get("status", {}).get("conditions", [])
    ready = any(item["type"] == "Ready" and item["status"] == "True" for item in conditions)
    return ready and "deletionTimestamp" not in pod["metadata"]
