from __future__ import annotations

from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.metricflow import semantic_relations
from floe_cube_infra.translate.visibility import Classifications

from .conftest import NODES, SEMANTIC_MODELS, Translate, category, entity, manifest, model, semantic, sources, time


def test_foreign_entities_are_edges_to_the_models_that_they_tell_apart(translate: Translate) -> None:
    edges = {(edge.node, edge.columns, edge.to, edge.to_columns): edge.origin for edge in translate().members.edges}

    assert edges == {
        ("model.p.orders", ("customer_id",), "model.p.customers", ("customer_id",)): "the entity customer",
        ("model.p.customers", ("region_id",), "model.p.regions", ("region_id",)): "the entity region",
    }


def test_primary_entities_are_keys(translate: Translate) -> None:
    assert translate().members.keys == {
        "model.p.orders": ("order_id",),
        "model.p.customers": ("customer_id",),
        "model.p.regions": ("region_id",),
    }


def test_relations_can_be_had_before_joins_are_decided(translate: Translate) -> None:
    read = manifest({"nodes": NODES, "semantic_models": SEMANTIC_MODELS})
    early, late = semantic_relations(read, sources(read), IssueLog()), translate().members

    assert (early.edges, early.keys) == (late.edges, late.keys)


def test_an_entity_that_is_an_expression_is_a_dimension_but_no_edge_or_key(translate: Translate) -> None:
    models = [
        semantic("orders", entities=[entity("customer", "foreign", "status || '-' || customer_id")]),
        semantic("customers", entities=[entity("customer", "primary", "region || '-' || customer_id")]),
    ]
    result = translate(semantic_models=models)

    assert (result.members.edges, result.members.keys) == ((), {})
    assert result.dimensions()["customer"].sql == "({CUBE}.status || '-' || {CUBE}.customer_id)"
    assert "it is an expression" in result.warnings("semantic_model.p.orders")[0]


def test_rows_that_hold_for_a_span_of_time_are_not_joined_on_their_key_alone(translate: Translate) -> None:
    history = semantic(
        "customers",
        entities=[entity("customer", "natural", "customer_id")],
        dimensions=[time("created_at", type_params={"time_granularity": "day", "validity_params": {"is_start": True}})],
    )
    result = translate(semantic_models=[SEMANTIC_MODELS[0], history])

    assert result.members.edges == ()
    assert "hold for a span of time only" in result.warnings("semantic_model.p.orders")[0]


def test_only_what_is_more_than_a_documented_column_becomes_a_dimension(translate: Translate) -> None:
    result = translate()

    assert {name: (one.sql, one.type) for name, one in result.dimensions().items()} == {
        "is_large": ("({CUBE}.amount > 100)", "string"),
        "undocumented": ("{CUBE}.undocumented", "string"),
    }


def test_times_and_truth_values_have_their_types(translate: Translate) -> None:
    models = [
        semantic(
            "orders",
            dimensions=[
                time("at", expr="ordered_at + interval '1 day'"),
                category("big", "CASE WHEN amount > 5\n THEN TRUE ELSE FALSE END"),
            ],
        )
    ]
    assert {name: one.type for name, one in translate(semantic_models=models).dimensions().items()} == {
        "at": "time",
        "big": "boolean",
    }


def test_a_dimension_named_as_another_column_gets_a_name_of_its_own(translate: Translate) -> None:
    result = translate(semantic_models=[semantic("orders", dimensions=[category("status", "upper(status)")])])

    assert result.dimensions()["status_dimension"].sql == "(upper({CUBE}.status))"
    assert "status becomes the dimension status_dimension" in result.warnings("semantic_model.p.orders")[0]


def test_two_semantic_models_of_one_node_share_what_they_both_say(translate: Translate) -> None:
    twice = [
        semantic("orders", dimensions=[category("big", "amount > 5")]),
        {**semantic("more", dimensions=[category("big", "amount > 5")]), "depends_on": {"nodes": ["model.p.orders"]}},
    ]
    result = translate(semantic_models=twice)

    assert list(result.dimensions()) == ["big"]
    assert result.issues == ()


def test_an_expression_over_a_hidden_column_is_hidden(translate: Translate) -> None:
    models = [
        semantic(
            "orders",
            dimensions=[
                category("start", "left(secret, 1)"),
                {**category("size", "length(secret)"), "config": {"meta": {"cube": {"visibility": "expose"}}}},
            ],
        )
    ]
    result = translate(
        semantic_models=models, classifications=Classifications(by_model={"orders": {"secret": "confidential"}})
    )

    assert result.dimensions()["start"].public is False
    assert result.dimensions()["size"].public is None


def test_an_expression_that_cannot_be_read_is_left_out_with_the_reason(translate: Translate) -> None:
    result = translate(semantic_models=[semantic("orders", dimensions=[category("bad", "case when")])])

    assert result.dimensions() == {}
    assert "bad becomes no dimension: 'case when' is no expression" in result.warnings("semantic_model.p.orders")[0]


def test_without_a_semantic_layer_there_is_nothing() -> None:
    read = manifest({"nodes": [model("orders", ["id"])]})
    relations = semantic_relations(read, sources(read), IssueLog())

    assert (relations.edges, relations.keys) == ((), {})
