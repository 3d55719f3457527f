"""What an API server's refusal means, in sentences that say what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from floe_cube_infra.offline.errors import ProviderError

# Server-side apply answers 500 for a field that the schema doesn't have, others 422.
_OF_THE_SCHEMA: Final = re.compile(r"failed to create typed patch object \([^)]*\): (?P<why>.*)", re.DOTALL)
_CONFLICTING_MANAGER: Final = re.compile(r'conflict with "(?P<manager>[^"]+)"')


class UnreachableError(ProviderError):
    """The API server gave no answer for as long as we ask again."""


@dataclass(eq=False)
class ApiError(Exception):
    """An answer of the API server that isn't success; the fields of Kubernetes' `Status`.

    Attributes:
        code: The HTTP status.
        reason: A word such as `NotFound`.
        message: The server's sentence; it can quote values of the object.
        details: What it is about: `kind`, `name`, `causes`.
    """

    code: int
    reason: str
    message: str
    details: Mapping[str, Any]

    @property
    def is_not_found(self) -> bool:
        """Whether the object isn't there."""
        return self.code == 404

    @property
    def lacks_namespace(self) -> bool:
        """Whether what isn't there is the object's namespace."""
        return self.is_not_found and self.details.get("kind") == "namespaces"

    @property
    def lacks_kind(self) -> bool:
        """Whether there is nothing at the path, so that not even the kind is there."""
        return self.is_not_found and not self.details

    @property
    def conflicting_managers(self) -> set[str]:
        """Who owns the fields that a server-side apply would have taken over."""
        causes = self.details.get("causes") or []
        if not any(cause.get("reason") == "FieldManagerConflict" for cause in causes):
            return set()
        return {found["manager"] for cause in causes for found in _CONFLICTING_MANAGER.finditer(cause["message"])}


def unknown_kind(subject: str, api_version: str) -> str:
    """Gives the sentence about an object whose kind the server doesn't know."""
    return (
        f"The API server doesn't know the kind of {subject} ({api_version}). Install what defines it (its "
        "CustomResourceDefinition), or leave the object out."
    )


def explained(error: ApiError, subject: str, context: str) -> str:
    """Gives the sentence for the user.

    Args:
        error: The refusal.
        subject: The object, such as `Deployment shop/web`.
        context: The kubeconfig's context, under which the server was asked.
    """
    message = error.message.strip()
    if error.conflicting_managers:
        return _conflict(error, subject)
    if found := _OF_THE_SCHEMA.search(message):
        return f"{subject} doesn't fit the API server's schema: {found['why'].strip()}. Mend the field it names."
    if error.code == 401:
        return (
            f"The API server doesn't know the user of the context {context!r} (401): the credentials in the "
            "kubeconfig are wrong or over; log in again."
        )
    if error.code == 403:
        return _forbidden(message, subject, context)
    if error.lacks_namespace:
        return f"{subject} can't be created: {message}. Create the namespace first, or let the object depend on it."
    causes = [cause for cause in error.details.get("causes") or [] if cause.get("message")]
    if causes:
        told = "".join(f"\n  - {cause.get('field') or 'object'}: {cause['message']}" for cause in causes)
        return f"The API server refused {subject} ({error.code} {error.reason}):{told}"
    return f"The API server refused {subject} ({error.code} {error.reason}): {message}"


def _conflict(error: ApiError, subject: str) -> str:
    fields = ", ".join(sorted({str(cause.get("field")) for cause in error.details.get("causes") or []}))
    others = ", ".join(sorted(error.conflicting_managers))
    return (
        f"{subject} has fields that {others} set since: {fields}. Leave them out of the program (or under "
        'ignoreChanges) to let them be, or take them back with the annotation pulumi.com/patchForce: "true".'
    )


def _forbidden(message: str, subject: str, context: str) -> str:
    if "exceeded quota" in message or "LimitRange" in message or "limit" in message.partition(": ")[2][:12]:
        return f"{subject} doesn't fit the namespace's limits: {message}. Ask for less, or have the quota raised."
    if " cannot " in message:
        return (
            f"The context {context!r} may not do that with {subject} (403): {message}. Ask for a Role and RoleBinding "
            "that allow it; `kubectl auth can-i --list` shows what is allowed."
        )
    return f"A policy of the cluster refuses {subject} (403): {message}."
