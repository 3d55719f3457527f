"""A real Kubernetes control plane on loopback, with nodes and pods that KWOK plays."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
import yaml

from tests.real.cluster.certificates import Certificates, make_certificates
from tools.control_plane import ControlPlanePrograms

PATIENCE = 90.0
NODES = ("node-a", "node-b", "node-c")
# Users by name, and the groups that the role-based access control of each test is about.
USERS = {"admin": "system:masters", "deployer": "deployers", "nobody": "nobodies"}
# Where Kubernetes' provisioner for tests puts volumes, whatever it is told.
VOLUMES = Path("/tmp/hostpath_pv")
APPLY = "application/apply-patch+yaml"


class StartError(Exception):
    """A part of the control plane didn't come up."""


@dataclass
class Server:
    """One of the processes."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            # A group of its own: a Ctrl-C at the tests reaches the tests, which then stop it.
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, process_group=0)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def kill(self) -> None:
        """Ends it at once, as a machine that loses its power."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def check(self) -> None:
        if self.process is not None and self.process.poll() is not None:
            end = self.log.read_text(errors="replace")[-2000:]
            raise StartError(f"{self.name} ended with {self.process.returncode}:\n{end}")


class ControlPlane:
    """etcd, API server, controllers, scheduler and KWOK, in a folder of their own."""

    def __init__(self, programs: ControlPlanePrograms, folder: Path) -> None:
        self.folder = folder
        self.certificates: Certificates = make_certificates(folder / "certificates")
        self.tokens = {user: secrets.token_hex(16) for user in USERS}
        self._client, self._peer, self._api = _free_ports(3)
        self.url = f"https://127.0.0.1:{self._api}"
        tokens = folder / "tokens.csv"
        lines = [f'{self.tokens[user]},{user},{user},"{group}"' for user, group in USERS.items()]
        tokens.touch(mode=0o600)
        tokens.write_text("\n".join(lines) + "\n")
        context = ssl.create_default_context(cafile=self.certificates.authority)
        self._http = urllib3.PoolManager(ssl_context=context, maxsize=8)
        program, kubeconfig = str(programs.control_plane), str(self.kubeconfig("admin"))
        etcd = f"http://127.0.0.1:{self._client}"
        peer = f"http://127.0.0.1:{self._peer}"
        made = self.certificates
        self.etcd = self._server(
            *(program, "etcd", "--data-dir", str(folder / "etcd"), "--unsafe-no-fsync", "--log-level=warn"),
            *("--listen-client-urls", etcd, "--advertise-client-urls", etcd),
            *(
                "--listen-peer-urls",
                peer,
                "--initial-advertise-peer-urls",
                peer,
                "--initial-cluster",
                f"default={peer}",
            ),
        )
        self.api_server = self._server(
            *(program, "kube-apiserver", f"--etcd-servers={etcd}", f"--secure-port={self._api}"),
            *("--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none"),
            *(f"--tls-cert-file={made.server}", f"--tls-private-key-file={made.server_key}"),
            *(f"--client-ca-file={made.authority}", f"--token-auth-file={tokens}", "--authorization-mode=RBAC"),
            *("--service-cluster-ip-range=10.0.0.0/24", "--enable-priority-and-fairness=false"),
            "--service-account-issuer=https://kubernetes.default.svc",
            *(
                f"--service-account-key-file={made.accounts_key}",
                f"--service-account-signing-key-file={made.accounts_key}",
            ),
        )
        self._rest = [
            self._server(
                *(program, "kube-controller-manager", f"--kubeconfig={kubeconfig}", "--leader-elect=false"),
                *("--secure-port=0", f"--service-account-private-key-file={made.accounts_key}"),
                *(f"--root-ca-file={made.authority}", "--enable-hostpath-provisioner=true"),
            ),
            self._server(
                *(program, "kube-scheduler", f"--kubeconfig={kubeconfig}", "--leader-elect=false", "--secure-port=0"),
            ),
            self._server(
                *(str(programs.kwok), f"--kubeconfig={kubeconfig}", "--manage-all-nodes", "--node-ip=127.0.0.1"),
                *(f"--config={Path(__file__).with_name('pod_stages.yaml')}", "--node-lease-duration-seconds=40"),
            ),
        ]

    def _server(self, *command: str) -> Server:
        name = Path(command[0]).name if "kwok" in command[0] else command[1]
        return Server(name, list(command), self.folder / f"{name}.log")

    def start(self) -> None:
        """Starts everything; afterwards nodes are ready and volumes can be had."""
        self.etcd.start()
        self.start_api_server()
        for server in self._rest:
            server.start()
        for number, node in enumerate(NODES):
            self.apply(_node(node, f"zone-{number}"))
        self.apply(_STORAGE_CLASS)
        for node in NODES:
            self.wait(lambda node=node: self._is_ready(node), f"{node} isn't ready")
        account = "/api/v1/namespaces/default/serviceaccounts/default"
        self.wait(lambda: self.find(account) is not None, "the controllers don't work")

    def start_api_server(self) -> None:
        """Starts the API server, and waits until it is ready."""
        self.api_server.start()
        self.wait(self._answers, "the API server isn't ready")

    def restart_controllers(self) -> None:
        """Starts all but etcd and the API server anew, since after an outage they look again ever more seldom."""
        for server in self._rest:
            server.stop()
            server.start()

    def stop(self) -> None:
        """Stops everything and removes the volumes that were made."""
        with contextlib.suppress(Exception):
            for volume in self.list("/api/v1/persistentvolumes"):
                shutil.rmtree(volume["spec"]["hostPath"]["path"], ignore_errors=True)
        for server in reversed([self.etcd, self.api_server, *self._rest]):
            server.stop()
        with contextlib.suppress(OSError):  # other control planes may use it, or it was never made
            VOLUMES.rmdir()

    def wait(self, until: Callable[[], bool], complaint: str) -> None:
        """Looks again and again until something is so."""
        end = time.monotonic() + PATIENCE
        while not until():
            for server in (self.etcd, self.api_server, *self._rest):
                server.check()
            if time.monotonic() > end:
                raise StartError(f"{complaint} after {PATIENCE:g} s; see the logs in {self.folder}")
            time.sleep(0.05)

    def kubeconfig(self, user: str, **context: str) -> Path:
        """A kubeconfig for one of `USERS`."""
        path = self.folder / f"kubeconfig-{user}{'-'.join(['', *context.values()])}"
        document = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "clusters": [
                {
                    "name": "c",
                    "cluster": {"server": self.url, "certificate-authority": str(self.certificates.authority)},
                }
            ],
            "users": [{"name": user, "user": {"token": self.tokens[user]}}],
            "contexts": [{"name": "test", "context": {"cluster": "c", "user": user} | context}],
        }
        path.touch(mode=0o600)
        path.write_text(yaml.safe_dump(document))
        return path

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        user: str = "admin",
        content_type: str = "application/json",
        **query: str,
    ) -> tuple[int, dict[str, Any]]:
        """A request of the tests' own; gives the status and the answer."""
        response = self._http.request(
            method,
            self.url + path,
            fields=query if method == "GET" else None,
            body=None if body is None else json.dumps(body),
            headers={"Authorization": f"Bearer {self.tokens[user]}", "Content-Type": content_type},
            retries=False,
            timeout=20.0,
        )
        return response.status, json.loads(response.data) if response.data else {}

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """An object that is there."""
        status, answer = self.request("GET", path, **query)
        assert status == 200, answer
        return answer

    def find(self, path: str) -> dict[str, Any] | None:
        """An object, or None if it isn't there."""
        status, answer = self.request("GET", path)
        assert status in (200, 404), answer
        return answer if status == 200 else None

    def list(self, path: str, **query: str) -> list[dict[str, Any]]:
        """The objects of a collection."""
        items: list[dict[str, Any]] = self.get(path, **query)["items"]
        return items

    def watch(self, path: str, version: str, over: threading.Event, **query: str) -> Iterator[dict[str, Any]]:
        """Every event of a collection after a version of it, until `over` is set."""
        while not over.is_set():
            # The server ends each watch after a second; the next begins where it ended, so that nothing is missed.
            response = self._http.request(
                "GET",
                self.url + path,
                fields={"watch": "1", "timeoutSeconds": "1", "resourceVersion": version} | query,
                headers={"Authorization": f"Bearer {self.tokens['admin']}"},
                retries=False,
                timeout=20.0,
            )
            for line in response.data.splitlines():
                event = json.loads(line)
                assert event["type"] != "ERROR", event
                version = event["object"]["metadata"]["resourceVersion"]
                yield event

    def apply(self, manifest: dict[str, Any], manager: str = "tests", **query: str) -> tuple[int, dict[str, Any]]:
        """Applies an object from the server's side; strictly, as the tests have no reason for less."""
        asked = {"fieldManager": manager, "fieldValidation": "Strict", "force": "true"} | query
        path = self.path_of(manifest) + "?" + "&".join(f"{key}={value}" for key, value in asked.items())
        return self.request("PATCH", path, manifest, content_type=APPLY)

    def path_of(self, manifest: dict[str, Any]) -> str:
        """The path of an object, by the server's own list of kinds."""
        api = manifest["apiVersion"]
        root = f"/apis/{api}" if "/" in api else f"/api/{api}"
        kinds = [item for item in self.get(root)["resources"] if item["kind"] == manifest["kind"]]
        (kind,) = (item for item in kinds if "/" not in item["name"])
        namespace = manifest["metadata"].get("namespace", "default")
        between = f"/namespaces/{namespace}" if kind["namespaced"] else ""
        return f"{root}{between}/{kind['name']}/{manifest['metadata']['name']}"

    def _answers(self) -> bool:
        try:
            response = self._http.request(
                "GET",
                f"{self.url}/readyz",
                headers={"Authorization": f"Bearer {self.tokens['admin']}"},
                retries=False,
                timeout=2.0,
            )
        except urllib3.exceptions.HTTPError:
            return False
        return response.status == 200

    def _is_ready(self, node: str) -> bool:
        conditions = self.get(f"/api/v1/nodes/{node}").get("status", {}).get("conditions", [])
        return any(item["type"] == "Ready" and item["status"] == "True" for item in conditions)


@contextlib.contextmanager
def run_control_plane(programs: ControlPlanePrograms, folder: Path) -> Iterator[ControlPlane]:
    """Runs a control plane while the block runs."""
    control_plane = ControlPlane(programs, folder)
    try:
        control_plane.start()
        yield control_plane
    finally:
        control_plane.stop()


_STORAGE_CLASS = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "standard", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
    "provisioner": "kubernetes.io/host-path",
}


def _node(name: str, zone: str) -> dict[str, Any]:
    labels = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels | {"topology.kubernetes.io/zone": zone}},
    }


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in sockets]
    finally:
        for probe in sockets:
            probe.close()


def environment_for(control_plane: ControlPlane, user: str = "admin") -> dict[str, str]:
    """Variables with which a program speaks to the control plane, without a proxy that the machine may have."""
    return {
        "KUBECONFIG": str(control_plane.kubeconfig(user)),
        "NO_PROXY": os.environ.get("NO_PROXY", "") + ",127.0.0.1",
    }
