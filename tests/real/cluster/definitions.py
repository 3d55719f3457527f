"""Small definitions of the custom kinds that settings use: only the fields that the stack may write.

The official ones know more fields; a field that these don't have is refused, which is what the tests are about.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _definition(group: str, version: str, kind: str, spec: Schema) -> dict[str, Any]:
    plural = f"{kind.lower()}s"
    schema = {"openAPIV3Schema": _object(spec=spec)}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{plural}.{group}",
            # Kubernetes asks for a word of approval for groups of its own.
            "annotations": {"api-approved.kubernetes.io": "unapproved, a part for tests"},
        },
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "versions": [{"name": version, "served": True, "storage": True, "schema": schema}],
        },
    }


HTTP_ROUTE = _definition(
    "gateway.networking.k8s.io",
    "v1",
    "HTTPRoute",
    _object(
        parentRefs=_list(_object(name=TEXT, namespace=TEXT, sectionName=TEXT)),
        hostnames=_list(TEXT),
        rules=_list(
            _object(
                matches=_list(_object(path=_object(type=TEXT, value=TEXT))),
                backendRefs=_list(_object(name=TEXT, port=NUMBER)),
            )
        ),
    ),
)
SERVICE_MONITOR = _definition(
    "monitoring.coreos.com",
    "v1",
    "ServiceMonitor",
    _object(
        selector=_object(matchLabels={"type": "object", "additionalProperties": TEXT}),
        endpoints=_list(_object(port=TEXT, path=TEXT, interval=TEXT)),
    ),
)
EXTERNAL_SECRET = _definition(
    "external-secrets.io",
    "v1",
    "ExternalSecret",
    _object(
        refreshInterval=TEXT,
        secretStoreRef=_object(name=TEXT, kind=TEXT),
        target=_object(name=TEXT, creationPolicy=TEXT),
        dataFrom=_list(_object(extract=_object(key=TEXT))),
    ),
)
DEFINITIONS = [HTTP_ROUTE, EXTERNAL_SECRET, SERVICE_MONITOR]
