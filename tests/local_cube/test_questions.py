from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.generation import Generated, generate
from floe_cube_infra.inputs.settings import parse
from floe_cube_infra.local_cube.questions import Question, choose, graphql_line, rest_line, sql_line, value_of_claim
from floe_cube_infra.model.access import AccessRule, Filtered, Refused, RowFilter, Unfiltered
from floe_cube_infra.model.cubes import CubeSchema, SemanticModel
from floe_cube_infra.model.members import CubeDimension, CubeMeasure

SHOP = Path(__file__).parents[2] / "examples" / "shop"


def dimension(name: str, kind: Any = "string", **more: Any) -> CubeDimension:
    return CubeDimension(name=name, sql=f"{{CUBE}}.{name}", type=kind, **more)


def cube(name: str, *dimensions: CubeDimension, measures: tuple[CubeMeasure, ...] = (), **more: object) -> CubeSchema:
    given: dict[str, Any] = {"access": Unfiltered(), **more}
    return CubeSchema(
        name=name, sql_table=f"s.{name}", dimensions=dimensions, measures=measures, dbt_node="m.p.x", **given
    )


COUNT = CubeMeasure(name="count", type="count")


@pytest.fixture(scope="module")
def shop() -> Generated:
    settings = {"artifacts": "compiled_artifacts.json", "environment": "dev", "models": {"include": ["access:public"]}}
    generated = generate(parse(settings, "a test"), SHOP, "laptop")
    assert generated is not None
    return generated


def test_the_shop_is_asked_how_many_orders_there_are_by_status(shop: Generated) -> None:
    assert choose(shop.model) == Question(cube="orders", measure="count", dimension="status")


def test_nothing_that_not_everyone_may_see_is_asked_for() -> None:
    secret = (
        dimension("organization_id"),
        dimension("id", primary_key=True),
        dimension("internal", public=False),
        dimension("masked", mask="***"),
        dimension("email"),
    )
    own = Filtered(filters=(RowFilter(member="organization_id", claim="c"),))
    guarded = cube(
        "guarded",
        *secret,
        dimension("kind"),
        access=own,
        measures=(COUNT,),
    )
    model = SemanticModel(
        cubes=(
            guarded,
            cube(
                "refused", dimension("kind"), measures=(COUNT, COUNT.model_copy(update={"name": "b"})), access=Refused()
            ),
            cube("internal", dimension("kind"), measures=(COUNT,), public=False),
        ),
        access_rules=(AccessRule(name="guarded", kind="cube", access=guarded.access, hidden=("email",)),),
    )
    assert choose(model) == Question(cube="guarded", measure="count", dimension="kind")


def test_a_cube_without_measures_is_asked_for_its_values_and_an_empty_model_for_nothing() -> None:
    question = choose(SemanticModel(cubes=(cube("places", dimension("city")),)))
    assert question == Question(cube="places", measure=None, dimension="city")
    assert question.sql == "SELECT city FROM places GROUP BY 1"
    assert choose(SemanticModel(cubes=(cube("dates", dimension("day", "time")),))) is None
    assert choose(SemanticModel()) is None


def test_a_value_of_the_claim_is_looked_up_where_the_question_is_asked(shop: Generated) -> None:
    assert value_of_claim(shop.model, "organization_id") == (
        'SELECT own.organization_id FROM "shop"."shop"."orders" AS own WHERE own.organization_id IS NOT NULL LIMIT 1'
    )
    assert value_of_claim(shop.model, "another_claim") is None
    assert value_of_claim(SemanticModel(), "organization_id") is None


def test_the_lines_are_what_a_shell_takes() -> None:
    question = Question(cube="orders", measure="count", dimension="Status")
    assert shlex.split(rest_line(question, "http://h:1"))[-1] == (
        'query={"measures":["orders.count"],"dimensions":["orders.Status"]}'
    )
    assert shlex.split(graphql_line(question, "http://h:1"))[-1] == (
        '{"query": "{ cube { orders { count Status } } }"}'
    )
    assert shlex.split(sql_line(question, 15432, "ada"))[-1] == (
        'SELECT "Status", MEASURE(count) FROM orders GROUP BY 1'
    )


def test_on_a_laptop_all_rollups_are_kept_in_the_warehouse_and_the_model_is_read_anew(shop: Generated) -> None:
    rollups = [rollup for each in shop.model.cubes for rollup in each.pre_aggregations]
    assert rollups
    assert not any(rollup.external for rollup in rollups)
    assert '"devMode": true' in shop.files.configuration["settings.json"]
    assert '"sqlApi": "shared"' in shop.files.configuration["settings.json"]
