"""What Pulumi keeps of an object: the object, and beside it what the official provider needs to take it over.

Source: `checkpointObject` in `provider/pkg/provider/provider.go` of pulumi/pulumi-kubernetes. Fields that
begin with two underscores are hidden from programs and users.
"""

from __future__ import annotations

from typing import Final

from floe_cube_infra.offline.wire import Properties

_HIDDEN: Final = "__"
_INPUTS: Final = "__inputs"
_API_VERSION: Final = "__initialApiVersion"


def state_of(inputs: Properties) -> Properties:
    """Gives the state of an object whose inputs are `inputs`."""
    return {**inputs, _INPUTS: dict(inputs), _API_VERSION: inputs.get("apiVersion")}


def live_of(state: Properties) -> Properties:
    """Gives the object in a state, without the hidden fields."""
    return {key: value for key, value in state.items() if not key.startswith(_HIDDEN)}


def inputs_of(state: Properties) -> Properties:
    """Gives the inputs that a state holds, or the object itself where it holds none."""
    inputs = state.get(_INPUTS)
    return inputs if isinstance(inputs, dict) else live_of(state)
