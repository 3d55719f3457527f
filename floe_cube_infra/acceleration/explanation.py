"""Which rollup answers a query, and of every other one why it doesn't."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from floe_cube_infra.acceleration.asked import Asked, ask
from floe_cube_infra.acceleration.matching import Reason, answers, reasons
from floe_cube_infra.acceleration.members import Members
from floe_cube_infra.acceleration.query import CubeQuery
from floe_cube_infra.acceleration.rollups import Rollup, rollups_of
from floe_cube_infra.model.cubes import SemanticModel


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What becomes of a query.

    Attributes:
        served_by: The rollup that Cube answers it from, `cube.rollup`; None for the source tables.
        is_built: Whether the refresh worker builds that rollup for the query's time zone.
        refused: The cubes that refuse every query, if it reads any.
        against: Of each rollup that was tried before it, or of all if none answers: why it doesn't.
        notes: What else is worth knowing, as sentences.
    """

    served_by: str | None
    is_built: bool
    refused: tuple[str, ...]
    against: dict[str, tuple[Reason, ...]]
    notes: tuple[str, ...]


class Explainer:
    """Explains queries to one model.

    Args:
        model: The semantic model.
        time_zones: The zones that the refresh worker builds rollups for.
        rollup_only: Whether nothing but rollups answers.
    """

    def __init__(self, model: SemanticModel, time_zones: Collection[str], *, rollup_only: bool = False) -> None:
        self._time_zones = tuple(time_zones)
        self.otherwise = "it is refused (api.rollupOnly)" if rollup_only else "the source tables do"
        """What becomes of a query that no rollup answers."""
        self.members = Members(model)
        self.rollups = {name: tuple(rollups_of(cube, self.members)) for name, cube in self.members.cubes.items()}
        """By cube, in the order in which Cube tries them."""

    def explain(self, query: CubeQuery) -> Explanation:
        """What becomes of a query by a token with one value of each claim that filters rows.

        Raises:
            QueryError: It names what the model doesn't have.
        """
        asked = ask(query, self.members)
        refused = tuple(cube for cube in sorted(asked.joined) if self.members.cubes[cube].access.kind == "refused")
        against: dict[str, tuple[Reason, ...]] = {}
        for rollup in self._candidates(asked):
            if answers(rollup, asked, self.members):
                is_built = not self._misses_zone(rollup, query)
                return Explanation(
                    served_by=rollup.name,
                    is_built=is_built and rollup.built.scheduled_refresh is not False,
                    refused=refused,
                    against=against,
                    notes=self._notes(rollup, query),
                )
            against[rollup.name] = reasons(rollup, asked, self.members)
        note = () if against else (f"there is no rollup of {', '.join(asked.cubes) or 'no cube'}",)
        return Explanation(served_by=None, is_built=False, refused=refused, against=against, notes=note)

    def _candidates(self, asked: Asked) -> list[Rollup]:
        return [rollup for cube in asked.cubes for rollup in self.rollups.get(cube, ())]

    def _misses_zone(self, rollup: Rollup, query: CubeQuery) -> bool:
        """Whether it isn't built for the query's zone; one without a time is the same in all of them."""
        return bool(rollup.times) and query.timezone.lower() not in {zone.lower() for zone in self._time_zones}

    def _notes(self, rollup: Rollup, query: CubeQuery) -> tuple[str, ...]:
        notes = []
        if self._misses_zone(rollup, query):
            notes.append(
                f"rollups are built for {', '.join(self._time_zones)}, not for {query.timezone}: "
                f"{self.otherwise}; ask in a zone that is built, or add it to refreshWorker.timeZones"
            )
        if rollup.built.scheduled_refresh is False:
            notes.append("its scheduled_refresh is false: the refresh worker doesn't build it unasked")
        return tuple(notes)
