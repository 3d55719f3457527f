"""Members are followed down to the warehouse's columns."""

from __future__ import annotations

from floe_cube_infra.model.dataset_lineage import CubeLineage, Dataset, MemberLineage
from floe_cube_infra.observer.member_lineage import MemberLineages
from tests.observer.conftest import Cubes

PLACE = "postgres://db.example.com:5432"
ORDERS = (PLACE, "shop.public.orders")


def test_a_member_leads_to_its_columns(lineage: Cubes) -> None:
    assert MemberLineages(lineage).columns("orders.revenue") == {(*ORDERS, "amount"), (*ORDERS, "tax")}


def test_references_and_views_are_followed(lineage: Cubes) -> None:
    lineages = MemberLineages(lineage)

    assert lineages.columns("sales.income") == lineages.columns("orders.revenue")
    assert lineages.columns("orders.share") == lineages.columns("orders.revenue")


def test_a_query_reads_the_tables_of_all_cubes_that_its_members_reach(lineage: Cubes) -> None:
    read = MemberLineages(lineage).read(["orders"], ["orders.share"])

    assert [table.name for table in read.tables] == ["shop.public.customers", "shop.public.orders"]
    assert read.cubes == ("customers", "orders")


def test_a_view_reads_the_table_below_it(lineage: Cubes) -> None:
    read = MemberLineages(lineage).read(["sales"], ["sales.income"])

    assert read.tables == (Dataset(*ORDERS),)
    assert read.cubes == ("orders", "sales")


def test_unknown_names_lead_nowhere(lineage: Cubes) -> None:
    lineages = MemberLineages(lineage)

    assert lineages.columns("nowhere.x") == frozenset()
    assert lineages.columns("orders.nothing") == frozenset()
    assert lineages.read(["nowhere"], ["nowhere.x", "orders"]) == ((Dataset(*ORDERS),), ("orders",))


def test_a_circle_ends() -> None:
    model = {"a": CubeLineage(Dataset("n", "t"), {"x": MemberLineage("number", ("c",), ("a.x",))})}

    assert MemberLineages(model).columns("a.x") == {("n", "t", "c")}
    assert MemberLineages(model).read(["a"], ["a.x"]).cubes == ("a",)
