"""What `pulumi preview --json` wrote: the steps of each resource as one change. This file alone knows its JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, TypeAlias

from floe_cube_infra.errors import PreviewError
from floe_cube_infra.naming import CONTENT_HASH_LENGTH

Action = Literal["created", "changed", "replaced", "deleted", "unchanged"]
Inputs: TypeAlias = Mapping[str, Any]

# https://github.com/pulumi/pulumi/blob/master/sdk/go/common/display/events.go and pkg/resource/deploy/step.go
_ACTIONS: Final[Mapping[str, Action]] = {
    "create": "created",
    "import": "created",
    "update": "changed",
    "replace": "replaced",
    "create-replacement": "replaced",
    "delete-replaced": "replaced",
    "import-replacement": "replaced",
    "delete": "deleted",
    "same": "unchanged",
}
"""What steps do; reading and refreshing change nothing."""
_BY_CONTENT: Final = re.compile(rf"(.+)-[0-9a-f]{{{CONTENT_HASH_LENGTH}}}")
_GRAVITY: Final[Sequence[Action]] = ("unchanged", "created", "deleted", "changed", "replaced")


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource, and what happens to it.

    Attributes:
        action: What happens.
        type: Pulumi's type, such as `kubernetes:apps/v1:Deployment`.
        name: As the cluster or cloud calls it, or else as the stack does.
        namespace: Of a Kubernetes object; None elsewhere.
        old: What it was made from; empty where there was none.
        new: What it is to be made from; empty where it goes.
        paths: Which of its properties change, such as `spec.replicas`; never their values.
        is_retained: Whether it stays where it is when the stack lets it go.
    """

    action: Action
    type: str
    name: str
    namespace: str | None = None
    old: Inputs = field(default_factory=dict)
    new: Inputs = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    is_retained: bool = False

    @property
    def kind(self) -> str:
        """The last part of its type: `Deployment`."""
        return self.type.rpartition(":")[2]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What an update of one environment would do.

    Attributes:
        resources: In the engine's order, without components and providers.
        errors: How many errors the engine tells of. Their texts are not kept: they may quote what nobody should read.
        is_refresh: Whether it is one of `pulumi refresh`, which compares what was made with what is there.
    """

    resources: tuple[Resource, ...]
    errors: int = 0
    is_refresh: bool = False

    @property
    def changes(self) -> tuple[Resource, ...]:
        """Those to which something happens."""
        return tuple(each for each in self.resources if each.action != "unchanged")


def read_preview(text: str, name: str) -> Preview:
    """A preview from its JSON.

    Args:
        text: What `pulumi preview --json` wrote.
        name: What it is called in messages.

    Raises:
        PreviewError: It isn't one.
    """
    try:
        document = json.loads(text)
        by_urn: dict[str, list[dict[str, Any]]] = {}
        for step in document.get("steps") or ():
            by_urn.setdefault(str(step["urn"]), []).append(step)
        resources = tuple(_resources(by_urn))
        errors = sum(each.get("severity") == "error" for each in document.get("diagnostics") or ())
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        raise PreviewError(
            f"{name} is no preview: write it with `pulumi preview --json --stack STACK > {name}`, "
            "without anything else."
        ) from None
    return Preview(resources=tuple(_paired(resources)), errors=errors, is_refresh=_is_refresh(by_urn))


def _is_refresh(by_urn: Mapping[str, Sequence[dict[str, Any]]]) -> bool:
    """A refresh reads each resource once; a preview that refreshes first has steps of its own beside that."""
    steps = [step["op"] for steps in by_urn.values() for step in steps]
    return "refresh" in steps and len(steps) == len(by_urn) and "create" not in steps


def _paired(resources: Sequence[Resource]) -> Iterator[Resource]:
    """A file of another content is another ConfigMap, named by it: one that goes and one that comes are one changed."""
    gone = {_named_by_content(each): each for each in resources if each.action == "deleted"}
    come = {_named_by_content(each): each for each in resources if each.action == "created"}
    both = (gone.keys() & come.keys()) - {None}
    for each in resources:
        key = _named_by_content(each)
        if key not in both or each.action not in ("created", "deleted"):
            yield each
        elif each.action == "created":
            yield replace(each, action="changed", old=gone[key].old, paths=("data",))


def _named_by_content(resource: Resource) -> tuple[str | None, str] | None:
    found = _BY_CONTENT.fullmatch(resource.name) if resource.type == "kubernetes:core/v1:ConfigMap" else None
    return None if found is None else (resource.namespace, found[1])


def _resources(by_urn: Mapping[str, Sequence[dict[str, Any]]]) -> Iterator[Resource]:
    for urn, steps in by_urn.items():
        known = [step for step in steps if step["op"] in _ACTIONS]
        states = [state for step in known for state in (step.get("newState"), step.get("oldState")) if state]
        kind = urn.split("::")[2].rpartition("$")[2] if urn.count("::") > 2 else ""
        if not any(state.get("custom") for state in states) or kind.startswith("pulumi:"):
            continue
        yield _resource(urn, kind, known)


def _resource(urn: str, kind: str, steps: Sequence[dict[str, Any]]) -> Resource:
    action = max((_ACTIONS[step["op"]] for step in steps), key=_GRAVITY.index)
    old, new = (_inputs(steps, state) for state in ("oldState", "newState"))
    new = {} if action == "deleted" else new
    metadata = (new or old).get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    name, namespace = metadata.get("name"), metadata.get("namespace")
    paths = sorted({str(path) for step in steps for path in _changed(step)})
    return Resource(
        action=action,
        type=kind,
        name=name if isinstance(name, str) and name else urn.split("::", 3)[3],
        namespace=namespace if isinstance(namespace, str) else None,
        old=old,
        new=new,
        paths=tuple(paths),
        is_retained=any((step.get("oldState") or {}).get("retainOnDelete") is True for step in steps),
    )


def _changed(step: Mapping[str, Any]) -> Iterator[str]:
    # Providers that don't say it in detail name the properties.
    yield from step.get("detailedDiff") or step.get("diffReasons") or ()


def _inputs(steps: Sequence[dict[str, Any]], state: str) -> Inputs:
    for step in steps:
        inputs = (step.get(state) or {}).get("inputs")
        if isinstance(inputs, dict):
            return inputs
    return {}
