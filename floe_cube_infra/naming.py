"""Names: Kubernetes objects and labels, Cube's identifiers, and names that carry their content's hash."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

LAYER: Final = "cube"
"""What the names of all of a stack's objects begin with."""
COLLECTOR: Final = f"{LAYER}-collector"
JAEGER: Final = f"{LAYER}-jaeger"
MARQUEZ: Final = f"{LAYER}-marquez"
"""Services that others of the stack are told of before they are made."""

KUBERNETES_NAME_LIMIT: Final = 63
CONTENT_HASH_LENGTH: Final = 10

_IDENTIFIER = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_NO_IDENTIFIER_CHARACTER = re.compile(r"[^a-zA-Z0-9_]+")
_DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_DNS_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")


def is_identifier(name: str) -> bool:
    """Whether Cube takes `name` for a cube or a member (letters, digits, underscore; no digit first)."""
    return _IDENTIFIER.fullmatch(name) is not None


@lru_cache(maxsize=1 << 16)
def identifier(name: str) -> str:
    """The nearest name that Cube takes: runs of other characters become one underscore."""
    if is_identifier(name):
        return name
    cleaned = _NO_IDENTIFIER_CHARACTER.sub("_", name).strip("_")
    return cleaned if is_identifier(cleaned) else f"_{cleaned}"


def is_dns_label(name: str) -> bool:
    """Whether `name` is an RFC 1123 label, as namespaces and Services need."""
    return len(name) <= KUBERNETES_NAME_LIMIT and _DNS_LABEL.fullmatch(name) is not None


def is_dns_subdomain(name: str) -> bool:
    """Whether `name` is an RFC 1123 subdomain, as Secrets and most other objects need."""
    return len(name) <= 253 and _DNS_SUBDOMAIN.fullmatch(name) is not None


def content_hash(parts: Iterable[bytes | str], length: int = CONTENT_HASH_LENGTH) -> str:
    """A short hash of the parts in their order; where one part ends counts, too."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:length]


def recommended_labels(component: str, instance: str) -> dict[str, str]:
    """Kubernetes' recommended labels (https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/).

    Nothing in them changes between two versions of this package, so that they can serve as selectors.
    """
    return {
        "app.kubernetes.io/name": "cube",
        "app.kubernetes.io/instance": instance,
        "app.kubernetes.io/component": component,
        "app.kubernetes.io/part-of": "floe-consumption",
        "app.kubernetes.io/managed-by": "pulumi",
    }
