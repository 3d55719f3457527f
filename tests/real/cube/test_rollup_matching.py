"""What `floe-cube explain` says of a query is what Cube then does: the same rollup, or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from floe_cube_infra.acceleration import Explainer
from floe_cube_infra.acceleration.query import CubeQuery
from floe_cube_infra.model.cubes import SemanticModel
from tests.real.cube.clients import Cube, Serve
from tests.real.cube.questions import Query, questions, read_meta
from tests.real.cube.rolled_up import files_of, shop_with_proposed_rollups, with_more_rollups
from tests.real.cube.rollup_questions import rollup_questions
from tests.real.cube.survey import TOKENS, at_once

pytestmark = [pytest.mark.xdist_group("real cube"), pytest.mark.real]


@dataclass(frozen=True)
class Planned:
    """The real server, which is only asked for its plans, and the model that it serves."""

    cube: Cube
    model: SemanticModel
    asked: list[Query]


@pytest.fixture(scope="module", params=[False, True], ids=["strict", "loose"])
def planned(serve: Serve, request: pytest.FixtureRequest) -> Iterator[Planned]:
    generated = shop_with_proposed_rollups()
    model = with_more_rollups(generated.model, loose=request.param)
    joins = {rule.name: tuple(rule.joins) for rule in model.access_rules}
    without_key = {each.name for each in model.cubes if not each.primary_key}
    with serve(files_of(model, generated)) as cube:
        described = read_meta(cube.meta(TOKENS[1]).body, joins, without_key)
        asked = [question.query for question in questions(described)]
        yield Planned(cube, model, [*asked, *rollup_questions(described, each=60)])


def test_explain_names_the_rollup_that_cube_takes(planned: Planned) -> None:
    explainer = Explainer(planned.model, ["UTC"])

    def compare(query: Query) -> tuple[str | None, str | None] | None:
        answer = planned.cube.sql(query, TOKENS[1])
        if answer.status != 200:
            return None
        built = answer.body["sql"]["preAggregations"]
        return (built[0]["preAggregationId"] if built else None), explainer.explain(CubeQuery(**query)).served_by

    compared = [(query, at) for query, at in zip(planned.asked, at_once(compare, planned.asked), strict=True) if at]
    wrong = [f"{query}: Cube takes {cube}, explained is {ours}" for query, (cube, ours) in compared if cube != ours]

    assert wrong == [], f"{len(wrong)} of {len(compared)}:\n" + "\n".join(wrong[:30])
    served = {ours for _, (_, ours) in compared}
    assert len(compared) > 900
    assert served >= {None, "orders.revenue_by_day", *(f"orders.{name}" for name in ("by_hour", "by_tier_and_week"))}
