"""The environment of Cube's containers: plain values, and references to Secrets for every credential.

Names: https://cube.dev/docs/product/configuration/reference/environment-variables
"""

from floe_cube_infra.render.environment.cube import cube_environment
from floe_cube_infra.render.environment.export_bucket import ExportBucketSource, unusable_bucket
from floe_cube_infra.render.environment.properties import misread_properties
from floe_cube_infra.render.environment.secret_references import EnvironmentVariables, SecretKeyRef, SecretKeys

__all__ = [
    "EnvironmentVariables",
    "ExportBucketSource",
    "SecretKeyRef",
    "SecretKeys",
    "cube_environment",
    "misread_properties",
    "unusable_bucket",
]
