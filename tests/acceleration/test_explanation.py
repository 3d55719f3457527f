"""Why a rollup answers a query or not; test_rollup_matching.py of the real Cube holds that Cube decides alike."""

from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.acceleration import Explainer
from floe_cube_infra.acceleration.query import CubeQuery, read_query
from floe_cube_infra.errors import QueryError

DAYS = {"dimension": "orders.ordered_at", "granularity": "day", "dateRange": ["2024-11-01", "2024-11-30"]}
DECLARED = "orders.revenue_by_day"


def kinds(explainer: Explainer, rollup: str, **query: Any) -> set[tuple[str, str | None]]:
    against = explainer.explain(CubeQuery(**query)).against
    return {(reason.kind, reason.member) for reason in against[rollup]}


def test_a_query_of_its_members_is_answered(explainer: Explainer) -> None:
    query = CubeQuery(measures=("orders.count",), dimensions=("orders.status",), timeDimensions=[DAYS])

    explanation = explainer.explain(query)

    assert (explanation.served_by, explanation.is_built, explanation.against) == (DECLARED, True, {})


def test_a_view_is_answered_from_the_rollups_of_its_cubes(explainer: Explainer) -> None:
    query = CubeQuery(measures=("order_overview.revenue",), dimensions=("order_overview.status",))

    assert explainer.explain(query).served_by == DECLARED


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"measures": ["orders.buyers"]}, ("missing_measure", "orders.buyers")),
        ({"measures": ["orders.count"], "dimensions": ["orders.is_gift"]}, ("missing_dimension", "orders.is_gift")),
        (
            {"measures": ["orders.count"], "filters": [{"member": "orders.channel", "operator": "set"}]},
            ("missing_dimension", "orders.channel"),
        ),
        ({"measures": ["orders.count"], "segments": ["orders.gifts"]}, ("missing_dimension", "orders.gifts")),
        (
            {"measures": ["orders.count"], "dimensions": ["customers.loyalty_tier"]},
            ("missing_dimension", "customers.organization_id"),
        ),
        (
            {"measures": ["orders.count"], "timeDimensions": [{**DAYS, "granularity": "hour"}]},
            ("finer_granularity", "orders.ordered_at"),
        ),
        (
            {
                "measures": ["orders.count"],
                "timeDimensions": [{**DAYS, "dateRange": ["2024-11-01T06:00:00", "2024-12-01"]}],
            },
            ("finer_granularity", "orders.ordered_at"),
        ),
        (
            {
                "measures": ["orders.count"],
                "timeDimensions": [{"dimension": "customers.created_at", "granularity": "day"}],
            },
            ("missing_time_dimension", "customers.created_at"),
        ),
        ({"measures": ["orders.count"], "dimensions": ["orders.status"], "ungrouped": True}, ("ungrouped", None)),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_keeps_a_rollup_from_answering_is_named(
    explainer: Explainer, query: dict[str, Any], reason: tuple[str, str | None]
) -> None:
    assert reason in kinds(explainer, DECLARED, **query)


def test_a_measure_that_does_not_add_up_needs_exactly_the_rollups_members(explainer: Explainer) -> None:
    months = {"dimension": "orders.ordered_at", "granularity": "month"}
    exact = CubeQuery(measures=("orders.buyers",), dimensions=("orders.channel",), timeDimensions=[months])
    coarser = {"measures": ["orders.buyers"], "timeDimensions": [months]}

    assert explainer.explain(exact).served_by == "orders.buyers_by_month"
    assert ("not_additive", "orders.buyers") in kinds(explainer, "orders.buyers_by_month", **coarser)


def test_a_cube_without_rollups_says_so(explainer: Explainer) -> None:
    explanation = explainer.explain(CubeQuery(measures=("products.count",)))

    assert (explanation.served_by, explanation.notes) == (None, ("there is no rollup of products",))


@pytest.mark.parametrize(("zone", "is_built"), [("Europe/Amsterdam", True), ("America/New_York", False)])
def test_only_zones_that_are_built_are_served(explainer: Explainer, zone: str, is_built: bool) -> None:
    explanation = explainer.explain(CubeQuery(measures=("orders.count",), timezone=zone))

    assert (explanation.served_by, explanation.is_built) == (DECLARED, is_built)
    assert any(zone in note for note in explanation.notes) is not is_built


def test_a_rollup_without_a_time_serves_all_zones(explainer: Explainer) -> None:
    query = CubeQuery(measures=("orders.completed_revenue",), segments=("orders.completed",), timezone="Asia/Tokyo")
    explanation = explainer.explain(query)

    assert (explanation.served_by, explanation.is_built, explanation.notes) == ("orders.completed_only", True, ())


def test_every_reason_says_something_where_nothing_answers(explainer: Explainer) -> None:
    for name in explainer.members.names():
        member = explainer.members.find(name)
        assert member is not None
        key = "measures" if hasattr(member.member, "rolling_window") else "dimensions"
        if not hasattr(member.member, "type"):
            key = "segments"
        explanation = explainer.explain(CubeQuery.model_validate({key: [name]}))
        assert all(explanation.against.values()), name
        assert explanation.served_by or explanation.against or explanation.notes


def test_unknown_members_are_all_named(explainer: Explainer) -> None:
    with pytest.raises(QueryError) as caught:
        explainer.explain(CubeQuery(measures=("orders.nope",), dimensions=("nowhere.at_all",)))

    first, second = caught.value.problems
    assert first.startswith("orders.nope; members of orders are: ")
    assert second.startswith("nowhere.at_all; cubes and views are: addresses, ")


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_query_is_read_as_a_request_has_it(wrapped: bool) -> None:
    text = '{"measures": ["orders.count"], "limit": 5, "order": {"orders.count": "desc"}}'

    assert read_query(f'{{"query": {text}}}' if wrapped else text, "q.json").measures == ("orders.count",)


@pytest.mark.parametrize("text", ["", "[]", '{"measure": []}', '{"measures": ["count"]}', '{"filters": [{"x": 1}]}'])
def test_what_is_no_query_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(QueryError, match=r"q\.json is no query of Cube's REST API:\n  - "):
        read_query(text, "q.json")
