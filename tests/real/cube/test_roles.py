"""Who sees which member and which filter holds, by the roles in the token: the shop with more settings than usual."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from floe_cube_infra.generation import Generated, generate
from floe_cube_infra.inputs.settings import parse
from tests.real.cube.clients import Answer, Cube, Query, Serve, token
from tests.real.cube.own_rows import Statement, ask
from tests.real.cube.pushdown import expression
from tests.real.cube.variants import without_rollups
from tools.postgres import Postgres
from tools.shop_database import SHOP

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("real cube")]

SETTINGS: dict[str, Any] = {
    "artifacts": "compiled_artifacts.json",
    "catalog": "target/catalog.json",
    "environment": "dev",
    "models": {"include": ["access:public"], "visibility": {"masked": "mask"}},
    "api": {"sqlApi": "shared"},
    "security": {
        "exemptRoles": ["auditor"],
        "furtherFilters": [
            {
                "column": "country_code",
                "claim": "country",
                "unfilteredCubes": [
                    *("customers", "order_items", "orders", "payments_v1", "payments_v2", "product_performance"),
                    *("products", "returns", "revenue_calendar"),
                ],
                "exemptRoles": ["traveller"],
            }
        ],
        "clearFor": {"pii": ["support"]},
    },
}
HIDDEN = ("customers.email", "customers.full_name", "customers.phone", "customers.birth_date", "addresses.street")
ORGANIZATIONS = {"dimensions": ["organizations.organization_name", "organizations.country_code"]}


@pytest.fixture(scope="module")
def files() -> Generated:
    result = generate(parse(SETTINGS, "the tests of roles"), SHOP)
    assert result is not None
    return result


@pytest.fixture(scope="module")
def shop(serve: Serve, files: Generated) -> Iterator[Cube]:
    with serve(without_rollups(files.files)) as started:
        # The order matters: those who may see more come first, so that what they see could be kept for all.
        assert started.graphql("{ cube { customers { email } } }", having("support")).status == 200
        yield started


def having(*roles: str, **u: object) -> str:
    return token(None, u={"organization_id": 1, "country": "NL", "roles": list(roles), **u})


ANYONE, SUPPORT = having("analyst"), having("support")


def test_only_who_may_see_a_member_gets_its_values(shop: Cube, postgres: Postgres) -> None:
    answer = shop.load({"dimensions": ["customers.email"]}, SUPPORT)
    assert answer.status == 200, answer
    sql = "SELECT DISTINCT email FROM shop.customers"
    [rows] = ask(postgres, [Statement(sql=sql, values=[], organizations=[1])])
    assert {row["customers.email"] for row in answer.body["data"]} == {row["email"] for row in rows}
    assert len(rows) > 10
    by_sql = shop.sql_callback(SUPPORT, load={"dimensions": ["customers.email"]})
    assert len(by_sql.body["columns"][0]) == len(rows)
    by_graphql = shop.graphql("{ cube { customers { email } } }", SUPPORT)
    assert len(by_graphql.body["data"]["cube"]) == len(rows)


def _uses(member: str) -> list[Query]:
    day = {"dimension": member, "dateRange": ["1980-01-01", "1989-12-31"]}
    is_set = {"member": member, "operator": "set"}
    cube = member.split(".", maxsplit=1)[0]
    count: Query = {"measures": [f"{cube}.count"]}
    return [
        {"dimensions": [member]},
        {"measures": [member]},
        {**count, "segments": [member]},
        {**count, "filters": [is_set]},
        {**count, "filters": [{"or": [{"and": [is_set]}, {**is_set, "operator": "notSet"}]}]},
        {**count, "timeDimensions": [day]},
        {**count, "dimensions": [member], "order": {member: "asc"}},
        # A view beside its cube, where Cube's own access policies would let every member of the cube pass.
        {"dimensions": ["order_overview.status" if cube == "customers" else f"{cube}.city", member]},
    ]


@pytest.mark.parametrize("member", HIDDEN)
def test_to_all_others_it_is_as_if_it_were_not_there(shop: Cube, member: str) -> None:
    def asked(name: str) -> list[tuple[int, str]]:
        answers = [answer for query in _uses(name) for answer in (shop.load(query, ANYONE), shop.sql(query, ANYONE))]
        answers += [shop.sql_callback(ANYONE, load=query) for query in _uses(name)]
        assert not any("data" in answer.body or "columns" in answer.body for answer in answers)
        return [(answer.status, _without(name, answer)) for answer in answers]

    cube = member.split(".", maxsplit=1)[0]
    assert asked(member) == asked(f"{cube}.nothing_at_all")


def _without(name: str, answer: Answer) -> str:
    said = answer.error.split(" (requestId: ")[0]
    return said.replace(name, "?").replace(name.split(".")[1], "?")


def test_a_hidden_member_in_an_expression_is_refused_to_all_others(shop: Cube) -> None:
    pushed = {"measures": [expression("customers", "seen", "COUNT(DISTINCT ${customers.email})")]}
    assert shop.sql_callback(ANYONE, pushdown=pushed).status == 400
    assert shop.sql_callback(SUPPORT, pushdown=pushed).status == 200


def test_no_catalog_tells_its_name_to_others_also_after_those_who_see_it(shop: Cube) -> None:
    names = [name for member in HIDDEN for name in (member, f'"{member.split(".")[1]}"')]
    for bearer, told in ((SUPPORT, True), (ANYONE, False), (SUPPORT, True), (having(), False)):
        introspection = "{ __schema { types { name fields { name } inputFields { name } } } }"
        catalogs = [
            shop.meta(bearer),
            shop.get("/cubejs-api/v1/meta?onlyViews=true", {"Authorization": bearer}),
            shop.graphql(introspection, bearer),
        ]
        text = json.dumps([catalog.body for catalog in catalogs])
        found = [name for name in names if name in text]
        assert bool(found) == told, found
        if told:
            assert {"customers.email", '"email"'} <= set(found)
        catalog = shop.sql_callback(bearer, meta=True).body["cubes"]
        visible = {each["name"] for cube in catalog for each in cube["dimensions"] if each["isVisible"]}
        assert bool(visible & set(HIDDEN)) == told


def test_each_of_two_filters_holds(shop: Cube) -> None:
    found = shop.load(ORGANIZATIONS, having(organization_id=[1, 2, 3], country=["NL", "DE"]))
    assert found.status == 200, found
    assert {row["organizations.country_code"] for row in found.body["data"]} <= {"NL", "DE"}
    everywhere = shop.load(ORGANIZATIONS, having("traveller", organization_id=[1, 2, 3])).body["data"]
    assert len(found.body["data"]) < len(everywhere) == 3


@pytest.mark.parametrize(
    ("u", "status"),
    [
        ({"organization_id": 1}, 403),
        ({"country": "NL"}, 403),
        ({"organization_id": 1, "country": 7}, 403),
        ({"organization_id": "1", "country": "NL"}, 403),
        ({"organization_id": 1, "country": "NL"}, 200),
        ({"organization_id": 1, "roles": ["traveller"]}, 200),
        ({"country": "NL", "roles": ["auditor"]}, 200),
        ({"roles": ["auditor", "traveller"]}, 200),
        ({"country": "NL", "roles": ["Auditor", "organization_id: all"]}, 403),
    ],
)
def test_every_claim_is_demanded_but_of_roles_that_are_exempt(shop: Cube, u: dict[str, Any], status: int) -> None:
    assert shop.load(ORGANIZATIONS, token(None, u=u)).status == status
    assert shop.load({"measures": ["orders.count"]}, token(None, u=u)).status == status


def test_an_exempt_role_sees_the_rows_of_all_by_every_api_and_no_other_role_does(shop: Cube) -> None:
    query = {"measures": ["orders.count"]}
    for roles, count in ((["auditor"], 250), ([], 123), (["traveller"], 123), (["auditor", "traveller"], 250)):
        bearer = having(*roles)
        assert shop.load(query, bearer).body["data"] == [{"orders.count": str(count)}]
        graphql = shop.graphql("{ cube { orders { count } } }", bearer).body["data"]["cube"]
        assert graphql == [{"orders": {"count": count}}]
        assert shop.sql_callback(bearer, load=query).body["columns"] == [[str(count)]]


def test_the_models_sql_is_told_to_nobody(shop: Cube) -> None:
    answer = shop.get("/cubejs-api/v1/meta?extended", {"Authorization": SUPPORT})
    assert (answer.status, "cubes" in answer.body) == (403, False)
