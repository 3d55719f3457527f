"""Row-level security."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from floe_cube_infra.inputs.settings.section import Section


class SecuritySettings(Section):
    """Row-level security beyond what the artifacts say.

    Attributes:
        filter_claim: The claim whose values filter rows; the artifacts' filter column by default.
        unfiltered_cubes: Cubes without the filter column that everyone with a valid token may read whole.
            All others without it are refused.
    """

    filter_claim: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    unfiltered_cubes: tuple[str, ...] = ()
