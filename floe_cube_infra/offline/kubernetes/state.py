"""What Pulumi keeps of an object: the object, and beside it what the official provider needs to take it over.

Source: `checkpointObject` in `provider/pkg/provider/provider.go` of pulumi/pulumi-kubernetes. Fields that
begin with two underscores are hidden from programs and users.
"""

from __future__ import annotations

import hashlib
from typing import Final

from floe_cube_infra.offline.wire import Properties

_HIDDEN: Final = "__"
_INPUTS: Final = "__inputs"
_FIELD_MANAGER: Final = "__fieldManager"
_API_VERSION: Final = "__initialApiVersion"


def state_of(live: Properties, inputs: Properties, manager: str) -> Properties:
    """Gives the state of an object.

    Args:
        live: The object as it is in its place.
        inputs: The inputs that it came from.
        manager: The field manager under which it is applied.
    """
    return {
        **live,
        _INPUTS: dict(inputs),
        _API_VERSION: inputs.get("apiVersion"),
        _FIELD_MANAGER: manager,
    }


def manager_in(state: Properties, urn: str) -> str:
    """Gives the field manager that a state names, or the one that the resource `urn` has from us.

    Ours is always the same for a resource, so that a creation that was interrupted is recognized.
    """
    manager = state.get(_FIELD_MANAGER)
    ours = f"pulumi-kubernetes-{hashlib.sha256(urn.encode()).hexdigest()[:8]}"
    return manager if isinstance(manager, str) and manager else ours


def live_of(state: Properties) -> Properties:
    """Gives the object in a state, without the hidden fields."""
    return {key: value for key, value in state.items() if not key.startswith(_HIDDEN)}


def inputs_of(state: Properties) -> Properties:
    """Gives the inputs that a state holds, or the object itself where it holds none."""
    inputs = state.get(_INPUTS)
    return inputs if isinstance(inputs, dict) else live_of(state)
