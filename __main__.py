"""The consumption layer as a Pulumi program: settings, files, stack, outputs."""

import gc
import os
import signal
from pathlib import Path

# What is loaded and translated lives until the end: looking for garbage in it would take a tenth of a preview.
gc.disable()
# When a resource fails, the engine interrupts the program, and a traceback of that would stand before the reason.
signal.signal(signal.SIGINT, lambda *_: os._exit(130))

import pulumi

from floe_cube_infra.components.composition.kept_data import KeptData
from floe_cube_infra.components.consumption_layer import ConsumptionLayer, ConsumptionLayerArgs
from floe_cube_infra.errors import FloeCubeError
from floe_cube_infra.generation import generate
from floe_cube_infra.inputs import settings as stack_settings
from floe_cube_infra.outputs.exporting import export_disabled, export_outputs
from floe_cube_infra.project_inputs import read_artifacts

try:
    settings = stack_settings.from_pulumi()
    base = Path(__file__).parent
    generated = generate(settings, base)
    if generated is None:
        has_data = settings.data_is_protected
        export_disabled(KeptData("cube", settings, read_artifacts(settings, base)[1]) if has_data else None)
    else:
        layer = ConsumptionLayer("cube", ConsumptionLayerArgs(settings=settings, generated=generated))
        export_outputs(layer, settings, generated)
except FloeCubeError as error:
    raise pulumi.RunError(str(error)) from None
