"""Which path of the API an object has: asked of the API server, since only it knows every kind."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol
from urllib.parse import quote

from floe_cube_infra.offline.kubernetes.cluster.api_errors import ApiError
from floe_cube_infra.offline.kubernetes.objects import ObjectType, metadata_of, text_of, type_of


class Reader(Protocol):
    """The part of the API server that this module needs."""

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Reads an object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectPath:
    """Where an object is: the path of all of its kind in its namespace, and its name there."""

    collection: str
    namespace: str
    name: str

    @property
    def path(self) -> str:
        """The path of the object itself."""
        return f"{self.collection}/{quote(self.name)}"


class Discovery:
    """The kinds that an API server has.

    Args:
        api: The server.
        namespace: The namespace of objects that name none.
    """

    def __init__(self, api: Reader, namespace: str) -> None:
        self._api = api
        self._namespace = namespace
        self._lock = Lock()
        # By group and version: the plural and whether it is in a namespace, by kind.
        self._known: dict[str, dict[str, tuple[str, bool]]] = {}

    def path_of(self, manifest: dict[str, Any]) -> ObjectPath | None:
        """Gives the path of a plain object, or None where the server doesn't know its kind (yet).

        Raises:
            ApiError: The server refuses to tell.
            UnreachableError: It gave no answer.
        """
        kind, metadata = type_of(manifest), metadata_of(manifest)
        found = self._kinds(kind).get(kind.kind)
        if found is None:
            return None
        plural, in_namespace = found
        namespace = (text_of(metadata, "namespace") or self._namespace) if in_namespace else ""
        between = f"/namespaces/{quote(namespace)}" if namespace else ""
        return ObjectPath(
            collection=f"{_root(kind)}{between}/{plural}", namespace=namespace, name=text_of(metadata, "name")
        )

    def _kinds(self, kind: ObjectType) -> dict[str, tuple[str, bool]]:
        root = _root(kind)
        with self._lock:
            known = self._known.get(root, {})
        if kind.kind in known:
            return known
        # Asked again for a kind that wasn't there: its definition may have been created meanwhile.
        try:
            listed = self._api.get(root).get("resources") or []
        except ApiError as error:
            if error.is_not_found:
                return {}
            raise
        found = {
            resource["kind"]: (resource["name"], resource["namespaced"] is True)
            for resource in listed
            if "/" not in resource["name"]  # a part of an object, such as its status
        }
        with self._lock:
            self._known[root] = found
        return found


def _root(kind: ObjectType) -> str:
    return f"/apis/{kind.group}/{kind.version}" if kind.group else f"/api/{kind.version}"
