"""Which dbt nodes become cubes."""

from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.translate.selection import Selection, selected
from tests.translate.dbt_projects import Document, manifest_of, model, translated


def names(*nodes: Document, **selection: Any) -> list[str]:
    return [node.name for node in selected(manifest_of(*nodes), Selection(**selection))]


def test_all_models_of_the_project_are_taken_by_default() -> None:
    assert names(model("orders"), model("customers")) == ["orders", "customers"]


@pytest.mark.parametrize("config", [{"enabled": False}, {"materialized": "ephemeral"}])
@pytest.mark.parametrize("cube", [None, {"enabled": True}])
def test_disabled_and_ephemeral_models_are_never_taken(config: dict[str, Any], cube: Any) -> None:
    assert names(model("orders", config=config, cube=cube), include=["name:orders"]) == []


def test_tests_are_never_taken() -> None:
    assert names({**model("orders"), "resource_type": "test"}) == []


def test_packages_give_only_what_they_declare_public() -> None:
    nodes = [
        model("inner", package="dates"),
        model("days", package="dates", access="public"),
        model("weeks", package="dates", config={"access": "public"}),
    ]
    assert names(*nodes) == ["days", "weeks"]


def test_packages_internals_can_be_asked_for() -> None:
    assert names(model("inner", package="dates"), model("orders"), include=["package:dates"]) == ["inner"]


def test_seeds_and_snapshots_can_be_asked_for() -> None:
    nodes = [{**model(kind), "resource_type": kind} for kind in ("model", "seed", "snapshot")]
    assert names(*nodes) == ["model"]
    assert names(*nodes, resource_types=["seed", "snapshot"]) == ["seed", "snapshot"]


ORDERS = model(
    "orders",
    original_file_path="models/marts/core/orders.sql",
    tags=["nightly", "core"],
    access="public",
    group="sales",
)


@pytest.mark.parametrize(
    ("selector", "fits"),
    [
        ("tag:nightly", True),
        ("tag:night*", True),
        ("tag:night", False),
        ("path:models/marts", True),
        ("path:models/marts/core/orders.sql", True),
        ("path:models/mart", False),
        ("path:marts/core/*.sql", True),
        ("name:orders", True),
        ("name:ord*", True),
        ("name:Orders", False),
        ("package:shop", True),
        ("package:other", False),
        ("access:public", True),
        ("access:private", False),
        ("group:sales", True),
        ("group:finance", False),
    ],
)
def test_a_selector_takes_and_leaves_out_what_it_fits(selector: str, fits: bool) -> None:
    assert (names(ORDERS, include=[selector]) == ["orders"]) is fits
    assert (names(ORDERS, exclude=[selector]) == []) is fits


def test_paths_that_dbt_wrote_on_windows_fit_as_well() -> None:
    node = model("orders", original_file_path="models\\marts\\core\\orders.sql")
    assert names(node, include=["path:models/marts"]) == ["orders"]


@pytest.mark.parametrize(
    "keys", [{"tags": "nightly"}, {"config": {"tags": ["nightly"]}}, {"config": {"tags": "nightly"}}]
)
def test_tags_are_found_in_every_place_and_form(keys: dict[str, Any]) -> None:
    assert names(model("orders", **keys), include=["tag:nightly"]) == ["orders"]


def test_the_group_may_stand_in_the_configuration() -> None:
    assert names(model("orders", config={"group": "sales"}), include=["group:sales"]) == ["orders"]


def test_one_selector_of_several_is_enough() -> None:
    assert names(model("orders"), model("customers"), include=["name:orders", "name:customers"]) == [
        "orders",
        "customers",
    ]


def test_what_is_excluded_stays_out_though_it_is_included() -> None:
    assert names(model("orders"), include=["package:shop"], exclude=["name:orders"]) == []


@pytest.mark.parametrize("place", ["meta", "config"])
def test_meta_goes_before_the_selectors(place: str) -> None:
    def node(name: str, enabled: bool) -> Document:
        meta = {"cube": {"enabled": enabled}}
        return model(name, **({"meta": meta} if place == "meta" else {"config": {"meta": meta}}))

    nodes = [node("wanted", True), node("unwanted", False)]
    assert names(*nodes, include=["name:unwanted"], exclude=["name:wanted"]) == ["wanted"]


def test_enabled_that_is_no_truth_value_is_an_error_instead_of_a_guess() -> None:
    result = translated(model("orders", "id", cube={"enabled": "false"}))
    assert "meta.cube.enabled" in result.errors[0]
