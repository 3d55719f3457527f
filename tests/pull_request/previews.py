"""Previews as `pulumi preview --json` writes them, made small."""

from __future__ import annotations

import json
from typing import Any

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "hunter2"}


def step(op: str, kind: str, name: str, *, old: Any = None, new: Any = None, **more: Any) -> dict[str, Any]:
    """One step; a state is made of its inputs, for None there is none."""
    urn = f"urn:pulumi:prod::shop::floe:cube:ConsumptionLayer${kind}::{name}"
    retained = more.pop("retained", False)
    states = {
        key: {"urn": urn, "custom": True, "type": kind, "inputs": inputs, "retainOnDelete": retained}
        for key, inputs in (("oldState", old), ("newState", new))
        if inputs is not None
    }
    return {"op": op, "urn": urn, **states, **more}


def preview(*steps: dict[str, Any], diagnostics: Any = ()) -> str:
    """The file."""
    return json.dumps({"steps": list(steps), "diagnostics": list(diagnostics), "changeSummary": {}})


def deployment(*, memory: Any = "1Gi", **spec: Any) -> dict[str, Any]:
    """A Deployment's inputs, with one container."""
    containers = [{"name": "cube", "resources": {"requests": {"cpu": "500m", "memory": memory}}}]
    return {
        "metadata": {"name": "cube-api", "namespace": "cube"},
        "spec": {**spec, "template": {"spec": {"containers": containers}}},
    }
