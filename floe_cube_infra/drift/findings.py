"""What was changed or removed behind a stack's back, as `pulumi refresh --preview-only --json` finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from floe_cube_infra.errors import DriftError, PreviewError
from floe_cube_infra.pull_request.preview import Resource, read_preview


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One object that isn't as the stack left it.

    Attributes:
        state: Whether it differs or is gone.
        kind: `Deployment`.
        name: With its namespace before it, if it has one.
        paths: The properties that differ, such as `spec.replicas`; never their values. Empty where nobody says which.
    """

    state: Literal["differs", "gone"]
    kind: str
    name: str
    paths: tuple[str, ...] = ()


def findings(text: str, name: str) -> tuple[Finding, ...]:
    """All that differs; what is gone comes first.

    Args:
        text: What `pulumi refresh --preview-only --json` wrote.
        name: What it is called in messages.

    Raises:
        DriftError: It is something else, or Pulumi couldn't look at everything.
    """
    how = "write it with `pulumi refresh --preview-only --json --stack STACK`, without anything else"
    try:
        preview = read_preview(text, name)
    except PreviewError:
        raise DriftError(f"{name} is no refresh: {how}.") from None
    if preview.errors:
        raise DriftError(
            f"{name} tells of {preview.errors} error{'s' * (preview.errors > 1)}, so that nobody knows what differs. "
            "`pulumi refresh --preview-only --stack STACK` says why."
        )
    if not preview.is_refresh:
        raise DriftError(f"{name} is a preview, or of an empty stack, and tells of no drift: {how}.")
    found = [_finding(each) for each in preview.changes]
    return tuple(sorted(found, key=lambda each: (each.state != "gone", each.kind, each.name)))


def _finding(resource: Resource) -> Finding:
    name = resource.name if resource.namespace is None else f"{resource.namespace}/{resource.name}"
    if resource.action == "deleted":
        return Finding(state="gone", kind=resource.kind, name=name)
    return Finding(state="differs", kind=resource.kind, name=name, paths=resource.paths)
