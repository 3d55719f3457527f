"""How the dbt project is read."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from floe_cube_infra.inputs.settings.section import Section

SELECTION_METHODS = ("access", "group", "name", "package", "path", "tag")
"""What may stand before the colon of a selector; see `translate.selection`."""


class ModelSettings(Section):
    """How the dbt project is read.

    Attributes:
        include: Which dbt nodes become cubes, by selectors as dbt's: `tag:`, `path:`, `name:`, `package:`, `access:`,
            `group:`. By default all of the project's own, and what installed packages declare public.
        exclude: Selectors of nodes that are left out all the same.
        resource_types: Kinds of nodes that may become cubes: models by default; snapshots and seeds can be asked for.
        rollups: Which pre-aggregations there are: those that `meta.cube` declares, or (`auto`) also one proposed for
            each fact that declares none, with the reasons as notes.
        time_hierarchies: Whether each time dimension also becomes dimensions for its year, quarter, month and day, and
            a hierarchy of them, for tools that drill down along hierarchies only.
        without_columns: What a node without known columns becomes: nothing (`skip`, with a warning), or a cube that
            only counts its rows (`count`).
        visibility: What columns of each classification are to those who query: `hide` (not there), `mask` (there
            without values) or `expose`. Personal, card and confidential data are hidden by default.
        allow_adapter_mismatch: Take a manifest whose dbt adapter isn't the database that Cube queries; types
            are then read in the adapter's own spelling.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    resource_types: tuple[Literal["model", "snapshot", "seed"], ...] = ("model",)
    rollups: Literal["declared", "auto"] = "declared"
    time_hierarchies: bool = False
    without_columns: Literal["skip", "count"] = "skip"
    visibility: dict[str, Literal["hide", "mask", "expose"]] = Field(default_factory=dict)
    allow_adapter_mismatch: bool = False

    @field_validator("include", "exclude")
    @classmethod
    def _are_selectors(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for selector in value:
            method, colon, rest = selector.partition(":")
            if not (colon and rest and method in SELECTION_METHODS):
                raise ValueError(
                    f"{selector!r} is no selector; allowed are: "
                    + ", ".join(f"{name}:..." for name in SELECTION_METHODS)
                )
        return value
