"""What is different where Cube runs on somebody's own machine: everything else is as the stack has it."""

from __future__ import annotations

from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.model.cubes import SemanticModel


def for_laptop(artifacts: CompiledArtifacts, settings: Settings) -> tuple[CompiledArtifacts, Settings]:
    """Artifacts and settings of a local stack with the SQL API, whose model is read anew when it has changed."""
    consumption = artifacts.consumption
    pre_aggregations = consumption.pre_aggregations.model_copy(update={"external": False})
    local = consumption.model_copy(update={"dev_mode": True, "pre_aggregations": pre_aggregations})
    api = settings.api.model_copy(update={"sql_api": "shared", "replicas": 1, "max_replicas": None})
    return (
        artifacts.model_copy(update={"consumption": local}),
        settings.model_copy(update={"environment": "local", "api": api}),
    )


def kept_in_warehouse(model: SemanticModel) -> SemanticModel:
    """The model with every pre-aggregation in the warehouse: there is no Cube Store, even where a cube asks for it."""
    return model.model_copy(
        update={
            "cubes": tuple(
                cube.model_copy(
                    update={
                        "pre_aggregations": tuple(
                            each.model_copy(update={"external": False}) if each.external else each
                            for each in cube.pre_aggregations
                        )
                    }
                )
                for cube in model.cubes
            )
        }
    )
