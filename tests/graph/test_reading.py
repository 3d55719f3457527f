"""The graph of the sample shop's model."""

from __future__ import annotations

from pathlib import Path

import pytest

from floe_cube_infra.generation import generate
from floe_cube_infra.graph.folders import folder
from floe_cube_infra.graph.model_graph import GraphNode, ModelGraph
from floe_cube_infra.graph.reading import graph_of
from floe_cube_infra.inputs.settings import parse
from tools.shop_database import SHOP


@pytest.fixture(scope="module")
def shop() -> ModelGraph:
    settings = parse({"artifacts": str(SHOP / "compiled_artifacts.json"), "environment": "local"}, "a test")
    generated = generate(settings, Path.cwd())
    assert generated is not None
    return graph_of(generated.model)


def node(graph: ModelGraph, name: str) -> GraphNode:
    return next(each for each in graph.nodes if each.name == name)


def test_cubes_have_their_row_access_and_their_folder(shop: ModelGraph) -> None:
    orders = node(shop, "orders")

    assert (orders.access, orders.filter_columns, orders.folder) == ("filter", ("organization_id",), "models/marts")
    assert orders.rollups == 1
    assert node(shop, "organizations").access == "refused"


def test_roles_and_views_say_of_what_they_are(shop: ModelGraph) -> None:
    assert node(shop, "billing_address").extends == "addresses"
    assert node(shop, "order_overview").uses == ("orders", "customers")
    assert node(shop, "order_overview").access is None


def test_joins_have_their_cardinality(shop: ModelGraph) -> None:
    ends = {(join.cube, join.to): join.ends for join in shop.joins}

    assert ends["orders", "billing_address"] == ("many", "one")
    assert len(ends) == len(shop.joins) == 13


@pytest.mark.parametrize(
    ("file", "with_package", "told"),
    [
        ("models/marts/orders.sql", False, "models/marts"),
        ("models\\marts\\orders.sql", True, "shop: models/marts"),
        ("orders.sql", False, "shop"),
        (None, True, "shop"),
    ],
)
def test_folders_read_alike_from_every_system(file: str | None, with_package: bool, told: str) -> None:
    assert folder("model.shop.orders", file, with_package=with_package) == told
