"""kubeconfig files: which cluster is meant, and as whom to speak to it.

Source of the rules: https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/.
Not here: `auth-provider` (superseded by `exec`), impersonation, and the account of a pod (no kubeconfig at all).
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from floe_cube_infra.offline.errors import ProviderError

_NOT_HERE: Final = {
    "auth-provider": "use an `exec` plugin, which has taken its place",
    "as": "impersonation needs the official plugin",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecPlugin:
    """A program that tells credentials (`client.authentication.k8s.io`).

    Attributes:
        command: The program, and its arguments.
        env: Variables over ours.
        api_version: The version of ExecCredential that it speaks.
        cluster: What the plugin wants to know of the cluster; None if it doesn't want to.
    """

    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    api_version: str = "client.authentication.k8s.io/v1"
    cluster: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Who speaks: by a token, a password, a client certificate (PEM), or what a plugin tells."""

    token: str | None = field(default=None, repr=False)
    token_file: Path | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    certificate: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)
    exec_plugin: ExecPlugin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterAccess:
    """A cluster, and who to be there.

    Attributes:
        context: The context's name, for messages.
        server: The API server's URL, without a slash at the end.
        namespace: The namespace of objects that name none.
        user: Who speaks.
        authority: Certificates (PEM) that vouch for the server; None for those of the system.
        verify: Whether the server's certificate is checked.
        server_name: The name to expect in it, where it isn't the URL's.
        proxy: The URL of an HTTP proxy.
    """

    context: str
    server: str
    namespace: str
    user: User
    authority: str | None = None
    verify: bool = True
    server_name: str | None = None
    proxy: str | None = None


def find_access(kubeconfig: str | None, context: str | None, cluster: str | None) -> ClusterAccess | None:
    """Gives the cluster that is meant.

    Args:
        kubeconfig: The text of a kubeconfig or the path of one; None for `$KUBECONFIG`, else `~/.kube/config`.
        context: The context; None for the current one.
        cluster: A cluster to take in place of the context's.

    Returns:
        None where there is no kubeconfig, or where it names no current context and none is asked for.

    Raises:
        ProviderError: The kubeconfig can't be read, or lacks what is asked for.
    """
    config = _merged(_given(kubeconfig) if kubeconfig else _of_the_environment())
    name = context or config.current
    if not config.found or not name:
        return None
    chosen = _named(config.contexts, name, "context")
    cluster_name = cluster or str(chosen.values.get("cluster") or "")
    server = _named(config.clusters, cluster_name, "cluster")
    user_name = chosen.values.get("user")
    user = _named(config.users, str(user_name), "user") if user_name else _Entry({}, Path())
    url = server.values.get("server")
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise ProviderError(f"The kubeconfig's cluster {cluster_name!r} needs a `server` such as https://host:6443.")
    return ClusterAccess(
        context=name,
        server=url.rstrip("/"),
        namespace=str(chosen.values.get("namespace") or "default"),
        user=_user(user, user_name, server.values),
        authority=_pem(server, "certificate-authority"),
        verify=server.values.get("insecure-skip-tls-verify") is not True,
        server_name=server.values.get("tls-server-name") or None,
        proxy=server.values.get("proxy-url") or None,
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """A named part of a kubeconfig, and the folder that its relative paths start from."""

    values: Mapping[str, Any]
    folder: Path


@dataclass(slots=True)
class _Config:
    """What several kubeconfigs say together: the first one to name something wins."""

    found: bool = False
    current: str = ""
    clusters: dict[str, _Entry] = field(default_factory=dict)
    contexts: dict[str, _Entry] = field(default_factory=dict)
    users: dict[str, _Entry] = field(default_factory=dict)


def _given(kubeconfig: str) -> list[tuple[str, Path]]:
    if "\n" in kubeconfig.strip() or kubeconfig.lstrip().startswith("{"):
        return [(kubeconfig, Path.cwd())]
    # The SDK hands $KUBECONFIG on as it is, and that may list several files.
    if os.pathsep in kubeconfig or kubeconfig == os.environ.get("KUBECONFIG"):
        return _files(kubeconfig)
    path = Path(kubeconfig.strip()).expanduser()
    if not path.is_file():
        raise ProviderError(f"The kubeconfig {kubeconfig!r} isn't there; give the path of a file, or its content.")
    return [(_text(path), path.parent)]


def _of_the_environment() -> list[tuple[str, Path]]:
    return _files(os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config"))


def _files(listed: str) -> list[tuple[str, Path]]:
    # As kubectl: a file of the list that isn't there is passed over.
    paths = [Path(path) for path in listed.split(os.pathsep) if path]
    return [(_text(path), path.parent) for path in paths if path.is_file()]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it isn't UTF-8 text"
        raise ProviderError(f"The kubeconfig {path} can't be read: {reason}.") from None


def _merged(documents: list[tuple[str, Path]]) -> _Config:
    config = _Config()
    for text, folder in documents:
        try:
            document = yaml.safe_load(text)
        except yaml.YAMLError:  # its message quotes the text, which holds credentials
            raise ProviderError("The kubeconfig isn't YAML; `kubectl config view` shows where it breaks.") from None
        if document is None:
            continue
        if not isinstance(document, dict):
            raise ProviderError("The kubeconfig holds no mapping; it begins with `apiVersion: v1`, `kind: Config`.")
        config.found = True
        config.current = config.current or str(document.get("current-context") or "")
        for entries, key, inner in (
            (config.clusters, "clusters", "cluster"),
            (config.contexts, "contexts", "context"),
            (config.users, "users", "user"),
        ):
            for item in document.get(key) or []:
                if isinstance(item, dict) and item.get("name"):
                    entries.setdefault(str(item["name"]), _Entry(item.get(inner) or {}, folder))
    return config


def _named(entries: Mapping[str, _Entry], name: str, what: str) -> _Entry:
    if name not in entries:
        known = ", ".join(sorted(entries)) or "none"
        raise ProviderError(f"The kubeconfig has no {what} {name!r}; it has: {known}.")
    return entries[name]


def _user(entry: _Entry, name: object, cluster: Mapping[str, Any]) -> User:
    values = entry.values
    for key, advice in _NOT_HERE.items():
        if values.get(key):
            raise ProviderError(
                f"The kubeconfig's user {name!r} has `{key}`, which the offline Kubernetes provider doesn't know; "
                f"{advice}."
            )
    token_file = values.get("tokenFile")
    return User(
        token=values.get("token") or None,
        token_file=entry.folder / token_file if token_file else None,
        username=values.get("username") or None,
        password=values.get("password") or None,
        certificate=_pem(entry, "client-certificate"),
        key=_pem(entry, "client-key"),
        exec_plugin=_exec_plugin(values["exec"], entry.folder, cluster) if values.get("exec") else None,
    )


def _exec_plugin(values: Mapping[str, Any], folder: Path, cluster: Mapping[str, Any]) -> ExecPlugin:
    command = str(values.get("command") or "")
    if values.get("interactiveMode") == "Always":
        raise ProviderError(f"The kubeconfig's plugin {command!r} wants a terminal, and a Pulumi plugin has none.")
    program = str(folder / command) if "/" in command else command
    described = {
        key: cluster[key]
        for key in ("server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority-data", "proxy-url")
        if key in cluster
    }
    return ExecPlugin(
        command=(program, *(str(argument) for argument in values.get("args") or [])),
        env={str(item["name"]): str(item["value"]) for item in values.get("env") or []},
        api_version=str(values.get("apiVersion") or "client.authentication.k8s.io/v1"),
        cluster=described if values.get("provideClusterInfo") else None,
    )


def _pem(entry: _Entry, key: str) -> str | None:
    """Gives what `<key>-data` holds in base64, else the file that `<key>` names."""
    if data := entry.values.get(f"{key}-data"):
        try:
            return base64.b64decode(str(data), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise ProviderError(f"The kubeconfig's {key}-data isn't PEM in base64.") from None
    path = entry.values.get(key)
    return _text(entry.folder / str(path)) if path else None
