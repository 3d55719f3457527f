"""Views: what `meta.cube.views` says, and one for each exposure."""

from floe_cube_infra.translate.cube_graph import CubeGraph
from floe_cube_infra.translate.declared_views import declared_views
from floe_cube_infra.translate.exposure_views import exposure_views

__all__ = ["CubeGraph", "declared_views", "exposure_views"]
