"""Who sees which rows, and which members."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from floe_cube_infra.inputs.settings.section import Section

Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Column = Annotated[str, Field(min_length=1)]
Role = Annotated[str, Field(min_length=1)]
JoinName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*$")]


class FurtherFilterSettings(Section):
    """A filter beside the artifacts' own: each filter that a cube has must let a row pass.

    Attributes:
        column: The column that tells whose row it is.
        claim: The claim whose values filter rows; the column's name by default.
        columns: What the column is called in some cubes, by cube.
        unfiltered_cubes: Cubes without the column that this filter leaves whole.
        exempt_roles: Roles that this filter doesn't hold for; their tokens need no such claim.
    """

    column: Column
    claim: Name | None = None
    columns: dict[Name, Column] = Field(default_factory=dict)
    unfiltered_cubes: tuple[str, ...] = ()
    exempt_roles: tuple[Role, ...] = ()


class SecuritySettings(Section):
    """Security beyond what the artifacts say.

    Attributes:
        filter_claim: The claim whose values filter rows; the artifacts' filter column by default.
        columns: What the artifacts' filter column is called in some cubes, by cube; a model's own
            `meta.cube.filter_column` goes before.
        unfiltered_cubes: Cubes without the filter column that everyone with a valid token may read whole.
            All others without it are refused.
        exempt_roles: Roles that the artifacts' filter doesn't hold for: they see everybody's rows.
        further_filters: Further filters, all of which hold as well.
        unequated_joins: Joins, written `cube.other`, whose two sides may belong to different owners. All other joins
            between filtered cubes also equate their filter columns.
        clear_for: Which roles see columns of a classification in the clear that are hidden from or masked for all
            others: the classification, and the roles.
    """

    filter_claim: Name | None = None
    columns: dict[Name, Column] = Field(default_factory=dict)
    unfiltered_cubes: tuple[str, ...] = ()
    exempt_roles: tuple[Role, ...] = ()
    further_filters: tuple[FurtherFilterSettings, ...] = ()
    unequated_joins: tuple[JoinName, ...] = ()
    clear_for: dict[str, tuple[Role, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _claims_differ(self) -> Self:
        claims = [each.claim or each.column for each in self.further_filters]
        claims += [self.filter_claim] if self.filter_claim else []
        twice = sorted({claim for claim in claims if claims.count(claim) > 1})
        if twice:
            raise ValueError(f"the claim {', '.join(twice)} is demanded by two filters; give each one its own")
        return self
