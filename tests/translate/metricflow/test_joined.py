"""References along the joins that edges have really become."""

from __future__ import annotations

from floe_cube_infra.model.members import CubeJoin
from floe_cube_infra.translate.joins import Joins

from .conftest import NODES, SEMANTIC_MODELS, Translate, category, entity, metric, semantic

ORDERS, CUSTOMERS, REGIONS = "model.p.orders", "model.p.customers", "model.p.regions"


def join(name: str, left: str, right: str) -> CubeJoin:
    return CubeJoin(name=name, relationship="many_to_one", sql=f"{{CUBE}}.{left} = {{{name}}}.{right} AND 1 = 1")


BY_CUSTOMER = join("customers", "customer_id", "customer_id")
BY_REGION = join("regions", "region_id", "region_id")


def filtered(template: str) -> dict[str, object]:
    return metric("m", where=[template], measure={"name": "buyers"})


def test_a_filter_goes_along_a_join_on_the_entitys_columns(translate: Translate) -> None:
    joins = Joins(by_node={ORDERS: (BY_CUSTOMER,), CUSTOMERS: (BY_REGION,)}, roles={})
    near = translate(filtered("{{ Dimension('customer__region') }} = 'a'"), joins=joins)
    far = translate(filtered("{{ Dimension('customer__region__country') }} = 'a'"), joins=joins)

    assert near.formula("m")[2] == ["{customers.region} = 'a'"]
    assert far.formula("m")[2] == ["{regions.country} = 'a'"]


def test_a_filter_names_the_role_that_the_entitys_columns_lead_to(translate: Translate) -> None:
    other = join("customers", "payer_id", "customer_id")
    role = join("buyer", "customer_id", "customer_id")
    joins = Joins(by_node={ORDERS: (other, role)}, roles={"buyer": CUSTOMERS})

    assert translate(filtered("{{ Dimension('customer__region') }} = 'a'"), joins=joins).formula("m")[2] == [
        "{buyer.region} = 'a'"
    ]


def test_a_join_on_other_columns_is_not_the_entitys(translate: Translate) -> None:
    joins = Joins(by_node={ORDERS: (join("customers", "payer_id", "customer_id"),)}, roles={})

    assert "m" not in translate(filtered("{{ Dimension('customer__region') }} = 'a'"), joins=joins).measures()


def test_a_filter_over_several_joins_is_refused_where_cube_could_go_another_way(translate: Translate) -> None:
    shorter = Joins(by_node={ORDERS: (BY_CUSTOMER, BY_REGION), CUSTOMERS: (BY_REGION,)}, roles={})
    result = translate(filtered("{{ Dimension('customer__region__country') }} = 'a'"), joins=shorter)

    assert "m" not in result.measures()
    assert "goes over customers, but Cube could go another way" in result.warnings("metric.p.m")[0]


def test_metrics_are_not_combined_along_ambiguous_ways(translate: Translate) -> None:
    stores = {**NODES[2], "unique_id": "model.p.stores", "name": "stores"}
    middle = semantic("stores", entities=[entity("store", "primary", "region_id")], dimensions=[category("country")])
    regions = {**SEMANTIC_MODELS[2], "measures": [{"name": "region_count", "agg": "count", "expr": "region_id"}]}
    joins = Joins(
        by_node={
            ORDERS: (BY_CUSTOMER, join("stores", "store_id", "region_id")),
            CUSTOMERS: (BY_REGION,),
            "model.p.stores": (BY_REGION,),
        },
        roles={},
    )
    result = translate(
        metric("revenue", measure={"name": "amount"}),
        metric("region_number", measure={"name": "region_count"}),
        metric("m", "ratio", numerator={"name": "revenue"}, denominator={"name": "region_number"}),
        nodes=[*NODES, stores],
        semantic_models=[*SEMANTIC_MODELS[:2], regions, middle],
        joins=joins,
    )

    assert list(result.measures()) == ["revenue"]
    assert "not exactly one way to join them" in result.warnings("metric.p.m")[0]


def test_a_dimension_in_two_models_of_one_entity_is_ambiguous(translate: Translate) -> None:
    twin = {
        **semantic("regions", entities=[entity("customer", "unique", "region_id")], dimensions=[category("region")]),
        "name": "twin",
    }
    result = translate(
        filtered("{{ Dimension('customer__region') }} = 'a'"), semantic_models=[*SEMANTIC_MODELS[:2], twin]
    )

    assert "m" not in result.measures()
    assert "region lies in customers and twin, joined by customer" in result.warnings("metric.p.m")[0]
