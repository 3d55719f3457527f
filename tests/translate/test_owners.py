"""Whom to ask about cubes and views, from a manifest."""

from __future__ import annotations

import json

from floe_cube_infra.inputs import dbt_manifest
from floe_cube_infra.model.cubes import CubeSchema, RoleCube, SemanticModel
from floe_cube_infra.model.owners import Owner
from floe_cube_infra.model.views import CubeView, ViewCube
from floe_cube_infra.translate.owners import owners_of

ORDERS, CUSTOMERS, DASHBOARD = "model.shop.orders", "model.shop.customers", "exposure.shop.dashboard"
MODEL = SemanticModel(
    cubes=(
        CubeSchema(name="customers", sql_table="customers", dbt_node=CUSTOMERS),
        CubeSchema(name="orders", sql_table="orders", dbt_node=ORDERS),
    ),
    roles=(RoleCube(name="buyers", extends="customers", dbt_node=CUSTOMERS),),
    views=(CubeView(name="dashboard", cubes=(ViewCube(join_path="orders", includes="*"),), dbt_node=DASHBOARD),),
)


def manifest(**more: object) -> dbt_manifest.Manifest:
    def node(unique_id: str, **fields: object) -> dict[str, object]:
        name = unique_id.rpartition(".")[2]
        return {"unique_id": unique_id, "resource_type": "model", "name": name, "package_name": "shop", **fields}

    document = {
        "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json"},
        "nodes": {
            ORDERS: node(ORDERS, group="sales", meta={"owner": "Jo"}),
            CUSTOMERS: node(CUSTOMERS, config={"group": "sales"}),
        },
        "groups": {
            "group.shop.sales": {"name": "sales", "package_name": "shop", "owner": {"email": "sales@example.com"}},
            "group.other.sales": {"name": "sales", "package_name": "other", "owner": {"name": "Others"}},
        },
        "exposures": {
            DASHBOARD: {
                "unique_id": DASHBOARD,
                "name": "dashboard",
                "owner": {"name": "Jo", "email": None},
                "depends_on": {"nodes": [ORDERS]},
            },
            "exposure.shop.app": {
                "unique_id": "exposure.shop.app",
                "name": "app",
                "owner": {"name": "App", "email": ["a@example.com", "b@example.com"]},
                "depends_on": {"nodes": [ORDERS, "model.shop.gone"]},
            },
        },
        **more,
    }
    return dbt_manifest.load(json.dumps(document).encode(), "manifest.json")


def test_the_nodes_own_owners_come_first_and_everyone_once() -> None:
    owners = owners_of(manifest(), MODEL)

    assert [(each.text, each.origin) for each in owners["orders"]] == [
        ("Jo", "meta.owner"),
        ("sales@example.com", "group sales"),
        ("App <a@example.com, b@example.com>", "exposure app"),
    ]


def test_roles_have_those_of_their_node_and_views_of_exposures_their_own() -> None:
    owners = owners_of(manifest(), MODEL)

    assert owners["customers"] == owners["buyers"] == (Owner(emails=("sales@example.com",), origin="group sales"),)
    assert [each.origin for each in owners["dashboard"]] == ["exposure dashboard"]


def test_where_nobody_is_named_nobody_is_told() -> None:
    assert "customers" not in owners_of(manifest(groups={}), MODEL)
