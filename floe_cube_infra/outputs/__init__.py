"""The stack's outputs, for the programs of other stacks; see docs/outputs.md.

    from floe_cube_infra.outputs import read_outputs

    cube = read_outputs("organization/floe-cube-infra/prod")
    pulumi.export("asks", cube.apply(lambda outputs: outputs.rest_endpoint))

What exports them is `exporting`, which a program that only reads them need not load.
"""

from floe_cube_infra.model.stack_outputs import SecretNames, StackOutputs
from floe_cube_infra.outputs.reading import read_outputs, read_outputs_if_enabled

__all__ = ["SecretNames", "StackOutputs", "read_outputs", "read_outputs_if_enabled"]
