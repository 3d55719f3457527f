"""The shop example holds what its README says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

SHOP = Path(__file__).parents[2] / "examples" / "shop"


def data_tests_of(manifest: dict[str, Any], model: str, column: str) -> dict[str, dict[str, Any]]:
    return {
        node["test_metadata"]["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and node["attached_node"] == f"model.shop.{model}"
        and node["column_name"] == column
    }


def constraints(holder: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [constraint for constraint in holder["constraints"] if constraint["type"] == kind]


def test_orders_point_twice_to_addresses_by_constraints_and_by_tests(manifest: dict[str, Any]) -> None:
    columns = manifest["nodes"]["model.shop.orders"]["columns"]
    for role in ("billing_address_id", "shipping_address_id"):
        (foreign_key,) = constraints(columns[role], "foreign_key")
        assert foreign_key["to"] == '"shop"."shop"."addresses"'
        assert foreign_key["to_columns"] == ["address_id"]
        relation = data_tests_of(manifest, "orders", role)["relationships"]["test_metadata"]["kwargs"]
        assert (relation["to"], relation["field"]) == ("ref('addresses')", "address_id")


def test_order_items_have_a_composite_key_that_returns_refer_to(models: dict[str, dict[str, Any]]) -> None:
    (primary_key,) = constraints(models["order_items"], "primary_key")
    assert primary_key["columns"] == ["order_id", "line_number"]
    (foreign_key,) = constraints(models["returns"], "foreign_key")
    assert foreign_key["columns"] == foreign_key["to_columns"] == ["order_id", "line_number"]
    assert models["order_items"]["config"]["contract"]["enforced"]


def test_some_unique_tests_make_no_key(manifest: dict[str, Any]) -> None:
    email = data_tests_of(manifest, "customers", "email")["unique"]
    assert email["config"]["where"] == "marketing_opt_in"
    sku = data_tests_of(manifest, "products", "sku")["unique"]
    assert sku["config"]["severity"].lower() == "warn"
    key = data_tests_of(manifest, "organizations", "organization_id")
    assert {"unique", "not_null"} <= key.keys()
    assert key["unique"]["config"]["severity"].lower() == "error"


def test_payments_have_two_versions_and_the_second_is_the_latest(models: dict[str, dict[str, Any]]) -> None:
    first, second = models["payments.v1"], models["payments.v2"]
    assert (first["version"], second["version"]) == (1, 2)
    assert first["latest_version"] == second["latest_version"] == 2
    assert first["config"]["meta"]["cube"]["filter_column"] == "org_id"
    assert "org_id" in first["columns"]
    assert "organization_id" not in first["columns"]


def test_models_come_in_every_materialization(manifest: dict[str, Any], models: dict[str, Any]) -> None:
    kinds = {name: node["config"]["materialized"] for name, node in models.items()}
    assert kinds["daily_revenue"] == "incremental"
    assert kinds["int_order_totals"] == "ephemeral"
    assert {kind for name, kind in kinds.items() if name.startswith("stg_")} == {"view"}
    assert {node["access"] for name, node in models.items() if name.startswith("stg_")} == {"protected"}
    assert manifest["nodes"]["snapshot.shop.customers_snapshot"]["config"]["unique_key"] == "customer_id"
    assert list(manifest["disabled"]) == ["model.shop.abandoned_carts"]


def test_every_public_model_has_the_row_level_security_column_in_the_database(
    models: dict[str, dict[str, Any]], catalog: dict[str, Any], artifacts: dict[str, Any]
) -> None:
    usual = artifacts["consumption"]["security"]["filter_column"]
    public = {name: node for name, node in models.items() if node["access"] == "public"}
    assert len(public) == 11
    for name, node in public.items():
        filter_column = node["config"]["meta"].get("cube", {}).get("filter_column", usual)
        assert filter_column in catalog["nodes"][f"model.shop.{name}"]["columns"], name


def test_a_model_without_declared_columns_has_them_in_the_catalog(
    models: dict[str, dict[str, Any]], catalog: dict[str, Any]
) -> None:
    assert models["product_performance"]["columns"] == {}
    columns = catalog["nodes"]["model.shop.product_performance"]["columns"]
    assert columns["sales_amount"]["type"] == "numeric(14,2)"


def test_metrics_come_in_every_type(manifest: dict[str, Any]) -> None:
    metrics = {metric["name"]: metric for metric in manifest["metrics"].values()}
    types = Counter(metric["type"] for metric in metrics.values())
    assert types.keys() == {"simple", "ratio", "derived", "cumulative", "conversion"}
    (where,) = metrics["net_revenue"]["filter"]["where_filters"]
    assert where["where_sql_template"] == "{{ Dimension('order__status') }} = 'completed'"
    windows = [metric["type_params"]["cumulative_type_params"] for metric in metrics.values()]
    assert {"window", "grain_to_date"} == {key for each in windows if each for key in each if each[key]} - {
        "period_agg"
    }
    assert any(part["offset_window"] for part in metrics["revenue_growth"]["type_params"]["metrics"])
    assert {model["name"] for model in manifest["semantic_models"].values()} == {
        "orders",
        "customers",
        "order_items",
    }
    assert len(manifest["saved_queries"]) == 1
    assert manifest["nodes"]["model.shop.time_spine_day"]["time_spine"]["standard_granularity_column"]


def test_exposures_have_a_type_and_an_owner(manifest: dict[str, Any]) -> None:
    exposures = manifest["exposures"].values()
    assert {exposure["type"] for exposure in exposures} == {"dashboard", "notebook"}
    assert all(exposure["owner"]["email"] for exposure in exposures)


def test_the_artifacts_classify_the_columns_that_dbt_does(
    artifacts: dict[str, Any], models: dict[str, dict[str, Any]]
) -> None:
    keys = ("classification", "pii_type", "sensitivity")
    said = {
        name: {
            column["name"]: {key: column["meta"][key] for key in keys}
            for column in node["columns"].values()
            if "classification" in column["meta"]
        }
        for name, node in models.items()
    }
    assert artifacts["column_classifications"] == {name: columns for name, columns in said.items() if columns}
    assert {"email", "phone", "full_name", "birth_date"} == said["customers"].keys()


def test_the_artifacts_name_secrets_and_a_manifest_that_is_there(artifacts: dict[str, Any]) -> None:
    assert (SHOP / artifacts["dbt_manifest_path"]).is_file()
    assert artifacts["consumption"]["api_secret_ref"] == "cube-api"
    assert artifacts["compute"]["connection_secret_ref"] == "shop-warehouse"
    assert artifacts["compute"]["properties"].keys() == {"host", "port", "database", "schema"}
