"""Which queries rollups make fast, worked out from the model alone, as Cube itself decides."""

from floe_cube_infra.acceleration.explanation import Explainer, Explanation
from floe_cube_infra.acceleration.query import CubeQuery, read_query

__all__ = ["CubeQuery", "Explainer", "Explanation", "read_query"]
