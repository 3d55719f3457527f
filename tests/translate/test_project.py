"""A whole dbt project becomes a Cube model: the same for the same input, whole, and in linear time."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from floe_cube_infra.generation import Generated, generate
from floe_cube_infra.inputs.settings import parse
from tests.translate.dbt_projects import FILTERED, Document, checked, keyed, related, translated

SHOP = Path(__file__).parents[2] / "examples" / "shop"


def generated(folder: Path, manifest: Document, artifacts: Document | None = None) -> Generated:
    """What is generated from files, as users have them."""
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "artifacts.json").write_text(
        json.dumps(artifacts or json.loads((SHOP / "compiled_artifacts.json").read_text()))
    )
    raw = {
        "artifacts": str(folder / "artifacts.json"),
        "manifest": str(folder / "manifest.json"),
        "catalog": str(SHOP / "target" / "catalog.json"),
        "environment": "dev",
    }
    result = generate(parse(raw, "a test"), folder)
    assert result is not None
    return result


@pytest.fixture(scope="module")
def manifest() -> Document:
    document: Document = json.loads((SHOP / "target" / "manifest.json").read_text())
    return document


def shuffled(document: Any, order: random.Random, key: str = "") -> Any:
    """The same document with all mappings in another order, but for those whose order means something to people."""
    if isinstance(document, dict):
        items = list(document.items())
        if key != "columns":
            order.shuffle(items)
        return {name: shuffled(value, order, name) for name, value in items}
    return [shuffled(item, order) for item in document] if isinstance(document, list) else document


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_manifest_makes_no_difference_to_any_byte(
    manifest: Document, seed: int, tmp_path: Path
) -> None:
    one = generated(tmp_path, manifest)
    other = generated(tmp_path, shuffled(manifest, random.Random(seed)))
    assert other.files.everything() == one.files.everything()
    assert [str(issue) for issue in other.issues] == [str(issue) for issue in one.issues]


def test_the_order_makes_no_difference_where_names_collide() -> None:
    teams, addresses = keyed("teams"), keyed("addresses")
    games, trips = keyed("games", "home_id", "away_id"), keyed("trips", "home_id", "away_id")
    edges = [
        related(node, name, to) for node, to in ((games, teams), (trips, addresses)) for name in ("home_id", "away_id")
    ]
    nodes = [teams, addresses, games, trips, *edges]
    assert translated(*nodes).model == translated(*reversed(nodes)).model


def test_the_order_of_columns_is_kept() -> None:
    assert [d.name for d in translated(keyed("orders", "z", "a")).cubes["orders"].dimensions] == ["id", "z", "a"]


def test_cubes_roles_and_views_are_sorted_and_no_name_occurs_twice(manifest: Document, tmp_path: Path) -> None:
    model = generated(tmp_path, manifest).model
    for things in (model.cubes, model.roles, model.views):
        assert [thing.name for thing in things] == sorted(thing.name for thing in things)
    names = [thing.name for things in (model.cubes, model.roles, model.views) for thing in things]
    assert len(set(names)) == len(names)
    assert sorted(rule.name for rule in model.access_rules) == sorted(names)


SECRET = "s3cr3t-Zq9!"
KEYS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
ALLOWED = {"host", "port", "database"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keys=st.lists(
        st.sampled_from(["password", "pass", "token", "user", "dsn", "keyfile_json", "private_key", "schema"])
        | KEYS.filter(lambda key: key not in ALLOWED),
        min_size=1,
        max_size=4,
    ),
    shape=st.sampled_from(["text", "list", "mapping", "padded"]),
)
def test_no_secret_in_the_connections_properties_reaches_a_file(
    keys: list[str], shape: str, manifest: Document, tmp_path: Path
) -> None:
    shapes: dict[str, Any] = {
        "text": SECRET,
        "list": [SECRET],
        "mapping": {"value": SECRET},
        "padded": f"a {SECRET} b",
    }
    artifacts = json.loads((SHOP / "compiled_artifacts.json").read_text())
    artifacts["compute"]["properties"] |= dict.fromkeys(keys, shapes[shape])
    result = generated(tmp_path, manifest, artifacts)
    for path, text in result.files.everything().items():
        assert SECRET not in text, path
    assert SECRET not in repr(result.environment)
    assert SECRET not in repr(result.config)


def test_a_chain_of_thousands_of_models_takes_no_recursion() -> None:
    count = 4_000
    nodes = [keyed(f"m{number:05}", "next_id", "other_id", "organization_id") for number in range(count)]
    tests = [
        related(node, column, nodes[number + step])
        for number, node in enumerate(nodes)
        for step, column in ((1, "next_id"), (2, "other_id"))
        if number + step < count
    ]
    result = translated(*nodes, *tests, security=FILTERED)
    assert sum(len(cube.joins) for cube in result.model.cubes) == len(tests)


def test_a_project_without_models_becomes_an_empty_model() -> None:
    result = translated()
    assert result.model.cubes == ()
    assert result.issues == []


def test_dbts_tests_alone_change_only_keys_and_joins() -> None:
    orders, customers = keyed("orders", "customer_id"), keyed("customers")
    bare = translated(orders, customers).cubes["orders"]
    tests = [related(orders, "customer_id", customers), checked("not_null", orders, "customer_id")]
    joined = translated(orders, customers, *tests).cubes["orders"]
    assert joined.model_copy(update={"joins": ()}) == bare
