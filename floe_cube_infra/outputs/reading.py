"""Another stack's outputs as a typed object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pydantic import ValidationError

from floe_cube_infra.inputs.problems import problems_of, shown
from floe_cube_infra.model.stack_outputs import VERSION, StackOutputs

_NAMES: Final = tuple(str(field.alias) for field in StackOutputs.model_fields.values())


def read_outputs(
    stack: str | pulumi.StackReference, opts: pulumi.ResourceOptions | None = None
) -> pulumi.Output[StackOutputs]:
    """What a stack of the consumption layer tells; its attributes are outputs as well (`read_outputs(...).namespace`).

    Args:
        stack: The stack's whole name, `organization/floe-cube-infra/prod`, or a reference to it.
        opts: The options of the reference that is made for a name.

    Returns:
        Unknown in a preview where the reference is, and secret where one of the stack's outputs that it reads is.

    Raises:
        pulumi.RunError: Once the outputs are there: the stack is no consumption layer, one that is switched off, or
            one whose outputs have another version.
    """
    return _read(stack, opts).apply(lambda read: _enabled(*read))


def read_outputs_if_enabled(
    stack: str | pulumi.StackReference, opts: pulumi.ResourceOptions | None = None
) -> pulumi.Output[StackOutputs | None]:
    """As `read_outputs`, but None for a stack that is switched off."""
    return _read(stack, opts).apply(lambda read: read[1])


def parse_outputs(values: Mapping[str, Any], stack: str) -> StackOutputs | None:
    """The typed object from a stack's outputs by name; None for a stack that is switched off.

    Args:
        values: The outputs; one that is absent or None isn't there.
        stack: The stack's name, for errors.

    Raises:
        pulumi.RunError: They are no outputs of a consumption layer, or not of this version.
    """
    present = {name: value for name, value in values.items() if value is not None}
    version = present.get("version")
    if version is None:
        raise pulumi.RunError(
            f"The stack {stack} has no output `version`, which every stack of the consumption layer has. Is this the "
            "right stack? If it was last updated by an older floe-cube-infra, run `pulumi up` of it first."
        )
    if version != VERSION:
        raise pulumi.RunError(
            f"The outputs of the stack {stack} have version {shown(version)}, and this floe-cube-infra reads version "
            f"{VERSION}. Use the same release of floe-cube-infra here as there."
        )
    if present.get("status") == "disabled":
        return None
    try:
        return StackOutputs.model_validate(present)
    except ValidationError as error:
        problems = [f"  - {problem.removeprefix('$.')}" for problem in problems_of(error, StackOutputs)]
        raise pulumi.RunError("\n".join([f"The outputs of the stack {stack} are wrong:", *problems])) from None


def _read(
    stack: str | pulumi.StackReference, opts: pulumi.ResourceOptions | None
) -> pulumi.Output[tuple[str, StackOutputs | None]]:
    reference = pulumi.StackReference(stack, opts=opts) if isinstance(stack, str) else stack
    # One by one, since Pulumi takes all outputs together for secret if any of them is, of whomever.
    told = pulumi.Output.all(**{name: reference.get_output(name) for name in _NAMES})
    return pulumi.Output.all(reference.name, told).apply(lambda both: (both[0], parse_outputs(both[1], both[0])))


def _enabled(stack: str, outputs: StackOutputs | None) -> StackOutputs:
    if outputs is None:
        raise pulumi.RunError(
            f"The stack {stack} is switched off (consumption.enabled is false in its artifacts) and has no endpoints. "
            "Switch it on, or read it with read_outputs_if_enabled, which then gives None."
        )
    return outputs
