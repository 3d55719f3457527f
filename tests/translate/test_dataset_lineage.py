"""Where members come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from floe_cube_infra.model.cubes import CubeSchema, RoleCube, SemanticModel
from floe_cube_infra.model.dataset_lineage import Dataset, MemberLineage, ModelLineage, WarehouseNames
from floe_cube_infra.model.members import CubeDimension, CubeMeasure, MeasureFilter
from floe_cube_infra.model.observation import ObservedDatabase, ObserverSettings
from floe_cube_infra.model.views import CubeView, ViewCube, ViewMember
from floe_cube_infra.observer.lineage_files import LineageFiles
from floe_cube_infra.observer.member_lineage import MemberLineages
from floe_cube_infra.render.observer_files import observer_files
from floe_cube_infra.translate.dataset_lineage import model_lineage

NAMES = WarehouseNames(namespace="postgres://db:5432", database="shop")


def _dimension(name: str, sql: str | None = None, **more: object) -> CubeDimension:
    return CubeDimension(name=name, sql=sql or f"{{CUBE}}.{name}", type="string", **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def lineage() -> ModelLineage:
    orders = CubeSchema(
        name="orders",
        sql_table='"public"."orders"',
        dbt_node="model.shop.orders",
        dimensions=(
            _dimension("status"),
            _dimension("amount", '{CUBE}."Amount"'),
            _dimension("tax"),
            _dimension("is_paid", "{CUBE}.paid_at IS NOT NULL AND {status} <> 'tax'"),
            _dimension("country", "{customers.country}", sub_query=True),
        ),
        measures=(
            CubeMeasure(name="count", type="count"),
            CubeMeasure(name="fee", type="sum", sql="hidden_fee"),
            CubeMeasure(
                name="paid_tax",
                type="sum",
                sql="COALESCE(tax, 0) * 'status'",
                filters=(MeasureFilter(sql="{CUBE}.paid_at IS NOT NULL"),),
            ),
            CubeMeasure(name="share", type="number", sql="1.0 * {paid_tax} / NULLIF({CUBE.count}, 0)"),
        ),
    )
    customers = CubeSchema(
        name="customers",
        sql_table="public.customers",
        dbt_node="model.shop.customers",
        dimensions=(_dimension("country"),),
    )
    taken = ("status", ViewMember(name="count", alias="number"), "a_segment")
    view = CubeView(
        name="sales",
        dbt_node="exposure.shop.sales",
        cubes=(
            ViewCube(join_path="orders", includes=taken),
            ViewCube(join_path="orders.customers", includes="*", prefix=True),
        ),
    )
    role = RoleCube(name="returns", extends="orders", dbt_node="model.shop.orders")
    return model_lineage(SemanticModel(cubes=(customers, orders), roles=(role,), views=(view,)), NAMES)


def test_a_cube_is_its_table(lineage: ModelLineage) -> None:
    tables = {name: cube.table for name, cube in lineage.cubes.items()}
    orders, customers = (Dataset("postgres://db:5432", f"shop.public.{each}") for each in ("orders", "customers"))
    assert tables == {"customers": customers, "orders": orders, "returns": orders, "sales": None}


@pytest.mark.parametrize(
    ("member", "columns", "members"),
    [
        ("amount", ("Amount",), ()),
        ("is_paid", ("paid_at",), ("orders.status",)),
        ("country", (), ("customers.country",)),
        ("count", (), ()),
        ("fee", ("hidden_fee",), ()),
        ("paid_tax", ("paid_at", "tax"), ()),
        ("share", (), ("orders.count", "orders.paid_tax")),
    ],
)
def test_a_member_is_made_of_columns_and_members(
    lineage: ModelLineage, member: str, columns: tuple[str, ...], members: tuple[str, ...]
) -> None:
    found = lineage.cubes["orders"].members[member]
    assert (found.columns, found.members) == (columns, members)


def test_a_role_has_members_of_its_own(lineage: ModelLineage) -> None:
    assert lineage.cubes["returns"].members["share"].members == ("returns.count", "returns.paid_tax")


def test_a_views_members_are_those_of_its_cubes(lineage: ModelLineage) -> None:
    assert lineage.cubes["sales"].members == {
        "customers_country": MemberLineage("string", (), ("customers.country",)),
        "number": MemberLineage("count", (), ("orders.count",)),
        "status": MemberLineage("string", (), ("orders.status",)),
    }


def test_the_observer_reads_what_is_rendered_and_follows_it_to_columns(tmp_path: Path, lineage: ModelLineage) -> None:
    settings = ObserverSettings(database=ObservedDatabase(system="postgresql"))
    files = observer_files(settings, lineage)
    for path, text in files.items():
        (tmp_path / Path(path).name).write_text(text)
    read = LineageFiles(tmp_path)
    assert read == lineage.cubes
    assert observer_files(settings, ModelLineage(dict(read))) == files
    assert MemberLineages(read).columns("orders.share") == {
        ("postgres://db:5432", "shop.public.orders", "paid_at"),
        ("postgres://db:5432", "shop.public.orders", "tax"),
    }
