"""What the sample shop becomes, whole, as files to read in a review; with RENEW_SNAPSHOTS=1 they are stored anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from floe_cube_infra.generation import Generated, generate
from floe_cube_infra.inputs.settings import from_stack_file

ROOT = Path(__file__).parents[2]
STORED = ROOT / "tests" / "snapshots" / "shop"

Matches = Callable[[Path, Mapping[str, str]], None]


@pytest.fixture(scope="module")
def shop() -> Generated:
    result = generate(from_stack_file(ROOT / "stacks" / "Pulumi.local.yaml"), ROOT)
    assert result is not None
    return result


def test_the_shops_files_are_those_that_are_stored(shop: Generated, matches_stored: Matches) -> None:
    # The JavaScript is the same everywhere, and lies in the package to be read.
    files = {path: text for path, text in shop.files.everything().items() if not path.endswith(".js")}
    issues = "".join(f"{issue.severity}: {issue}\n" for issue in shop.issues)
    matches_stored(STORED, {**files, "issues.txt": issues})


def test_the_shops_keys_are_those_that_a_person_would_choose(shop: Generated) -> None:
    keys = {cube.name: cube.primary_key for cube in shop.model.cubes}
    assert keys["order_items"] == ("order_id", "line_number")
    assert keys["products"] == ("product_id",)
    assert keys["customers"] == ("customer_id",)
    assert keys["orders"] == ("order_id",)
    assert keys["organizations"] == ("organization_id",)


def test_the_shops_addresses_play_two_roles(shop: Generated) -> None:
    roles = {role.name: role.extends for role in shop.model.roles}
    assert {"billing_address": "addresses", "shipping_address": "addresses"}.items() <= roles.items()


def test_no_personal_column_of_the_shop_is_shown_by_a_cube_or_a_view(shop: Generated) -> None:
    customers = next(cube for cube in shop.model.cubes if cube.name == "customers")
    hidden = {dimension.name for dimension in customers.dimensions if dimension.public is False}
    assert {"email", "phone", "full_name", "birth_date"} <= hidden
    for rule in shop.model.access_rules:
        if rule.kind == "view":
            shown = {reach[-1] for reach in rule.members.values()}
            assert not shown & {f"customers.{name}" for name in hidden}, rule.name
