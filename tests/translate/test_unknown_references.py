"""References to what isn't there."""

from __future__ import annotations

import pytest

from floe_cube_infra.model.cubes import CubeSchema, RoleCube
from floe_cube_infra.model.members import CubeDimension, CubeJoin, CubeMeasure, CubeSegment, MeasureFilter
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.selection import Selection
from floe_cube_infra.translate.sources import read_sources
from floe_cube_infra.translate.unknown_references import report_unknown_references
from tests.translate.dbt_projects import catalog_of, keyed, manifest_of

UNIQUE_ID = "model.shop.orders"


def problems(sql: str = "1", *, filtered: str = "true", segment: str = "true", join: str = "true") -> list[str]:
    orders = CubeSchema(
        name="orders",
        sql_table="orders",
        dimensions=(CubeDimension(name="id", sql="{CUBE}.id", type="number"),),
        measures=(CubeMeasure(name="m", type="number", sql=sql, filters=(MeasureFilter(sql=filtered),)),),
        segments=(CubeSegment(name="s", sql=segment),),
        joins=(CubeJoin(name="customers", relationship="many_to_one", sql=join),),
        dbt_node=UNIQUE_ID,
    )
    customers = CubeSchema(
        name="customers",
        sql_table="customers",
        dimensions=(CubeDimension(name="region", sql="{CUBE}.region", type="string"),),
        dbt_node="model.shop.customers",
    )
    cubes = {UNIQUE_ID: orders, "model.shop.customers": customers}
    roles = [RoleCube(name="buyers", extends="customers", dbt_node="model.shop.customers")]
    issues = IssueLog()
    sources = read_sources(manifest_of(keyed("orders"), keyed("customers")), catalog_of({}), Selection(), issues)
    report_unknown_references(cubes, roles, sources, issues)
    return [str(issue) for issue in issues.sorted()]


@pytest.mark.parametrize(
    "sql",
    [
        "{CUBE}.anything + {id} + {CUBE.id} + {orders.id} + {m} + {s}",
        "{customers.region} + {buyers.region} + {customers}.anything",
        "{orders.customers.region} + {CUBE.customers.region}",
        "{customers.region.month}",
        "{FILTER_PARAMS.nowhere.x} {SECURITY_CONTEXT.nope} \\{nope}",
        # Cube is given these as plain braces.
        "'{a: 1}' || '{}' || '{ 1 }' || '{from}' || '{CUBE.class}' || '{nope()}'",
    ],
)
def test_what_is_there_may_be_referred_to(sql: str) -> None:
    assert problems(sql, filtered=sql, segment=sql, join=sql) == []


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("{nope}", "refers to {nope}, but orders has no such member, and there is no such cube"),
        ("{CUBE.nope}", "refers to {CUBE.nope}, but orders has no such member"),
        ("{customers.nope}", "refers to {customers.nope}, but customers has no member nope"),
        ("{customers.buyers.nope}", "but buyers has no member nope"),
        ("{clients.region}", "refers to {clients.region}, but orders has no such member, and there is no such cube"),
    ],
)
def test_what_is_not_there_is_an_error_that_names_the_place(sql: str, told: str) -> None:
    for found, place in (
        (problems(sql), "the measure m"),
        (problems(filtered=sql), "the measure m"),
        (problems(segment=sql), "the segment s"),
        (problems(join=sql), "the join to customers"),
    ):
        (problem,) = found
        assert f"{place} refers to" in problem
        assert told in problem
