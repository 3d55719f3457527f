"""What `floe-cube rollups` tells of the sample shop's rollups, and of what they cover."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from floe_cube_infra.acceleration import Explainer
from floe_cube_infra.acceleration.coverage import coverage
from floe_cube_infra.acceleration.listing import list_rollups
from floe_cube_infra.acceleration.picture import draw
from floe_cube_infra.acceleration.query import CubeQuery
from floe_cube_infra.acceleration.schedule import next_run
from floe_cube_infra.model.cubes import SemanticModel
from floe_cube_infra.model.members import CubeJoin
from floe_cube_infra.model.pre_aggregations import RefreshKey
from tests.real.cube.rolled_up import shop_with_proposed_rollups, with_more_rollups

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("key", "moment"),
    [
        (RefreshKey(every="0 5 * * *", timezone="Europe/Amsterdam"), "2026-02-01T05:00:00+01:00"),
        (RefreshKey(every="0 5 * * 1", timezone="UTC"), "2026-02-02T05:00:00+00:00"),
        (RefreshKey(every="30 minute"), "2026-01-31T12:30:00+00:00"),
        (RefreshKey(every="1 hour"), "2026-01-31T13:00:00+00:00"),
        (RefreshKey(every="7 hour"), "2026-01-31T15:00:00+00:00"),
        (RefreshKey(sql="SELECT 1", every="1 minute"), None),
        (None, None),
    ],
)
def test_the_next_run_is_in_the_zone_of_the_schedule(key: RefreshKey | None, moment: str | None) -> None:
    found = next_run(key, NOON)

    assert (found and found.isoformat()) == moment


def test_the_clock_change_is_heeded() -> None:
    key = RefreshKey(every="0 5 * * *", timezone="Europe/Amsterdam")

    found = next_run(key, datetime(2026, 3, 28, 12, tzinfo=UTC))

    assert found is not None
    assert found.astimezone(UTC) == datetime(2026, 3, 29, 3, tzinfo=UTC)


def test_every_rollup_is_listed_with_what_it_serves(explainer: Explainer) -> None:
    listed = {each.rollup.name: each for each in list_rollups(explainer, {"model.shop.orders": 250}, NOON)}

    assert len(listed) == 12
    declared = listed["orders.revenue_by_day"]
    assert (declared.schedule, declared.most_rows) == ("0 5 * * * Europe/Amsterdam", 250)
    assert declared.granularities == ("day", "week", "month", "quarter", "year")
    assert declared.views == ("order_overview", "revenue_dashboard")
    joined = listed["orders.by_tier_and_week"]
    assert (joined.most_rows, joined.granularities) == (250, ("week",))


def test_a_joined_rollup_has_the_rows_of_the_table_that_leads_to_the_others(explainer: Explainer) -> None:
    sizes = {"model.shop.orders": 250, "model.shop.customers": 60}
    counts = {each.rollup.name: each.most_rows for each in list_rollups(explainer, sizes, NOON)}

    assert counts["orders.by_tier_and_week"] == counts["orders.by_hour"] == 250
    unknown = list_rollups(explainer, {"model.shop.customers": 60}, NOON)
    assert {each.most_rows for each in unknown if each.rollup.name.startswith("orders.")} == {None}


def test_nobody_knows_how_many_rows_a_join_to_many_makes(explainer: Explainer) -> None:
    model = with_more_rollups(shop_with_proposed_rollups().model)
    cubes = [
        cube.model_copy(update={"joins": (CubeJoin(name="orders", relationship="one_to_many", sql="1 = 1"),)})
        if cube.name == "customers"
        else cube
        for cube in model.cubes
    ]
    turned = Explainer(model.model_copy(update={"cubes": tuple(cubes)}), ["UTC"])
    sizes = {"model.shop.orders": 250, "model.shop.customers": 60}
    counts = {each.rollup.name: each.most_rows for each in list_rollups(turned, sizes, NOON)}

    assert (counts["orders.by_tier_and_week"], counts["orders.by_hour"]) == (None, 250)


def test_what_is_covered_is_what_explain_says(explainer: Explainer) -> None:
    covered = {each.cube: each for each in coverage(explainer)}

    assert {"orders", "customers", "returns"} <= covered.keys()
    assert "products" not in covered
    pairs = {(pair.measure, pair.dimension): pair for row in covered["orders"].pairs for pair in row}
    assert pairs["orders.count", "orders.status"].served_by == "orders.revenue_by_day"
    assert pairs["orders.count", "orders.ordered_at"].served_by == "orders.revenue_by_day"
    missing = pairs["orders.count", "orders.attributes"]
    assert (missing.served_by, "orders.attributes" in missing.why_not) == (None, True)
    query = CubeQuery(measures=("orders.count",), dimensions=("orders.attributes",))
    assert explainer.explain(query).served_by is None
    assert covered["orders"].count == len(pairs)


def test_the_picture_has_a_cell_for_each_pair_and_stays_the_same(explainer: Explainer) -> None:
    covered = coverage(explainer)
    text = draw(covered)
    cells = list(ElementTree.fromstring(text).iter(f"{SVG}title"))

    assert text == draw(coverage(explainer))
    assert len(cells) == 1 + sum(each.count for each in covered)
    assert "orders.count by orders.status: orders.revenue_by_day" in {cell.text for cell in cells}


def test_a_model_without_rollups_has_a_picture_that_says_so() -> None:
    assert "There are no rollups." in draw(coverage(Explainer(SemanticModel(), ["UTC"])))
