"""What other packages of the platform rely on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from floe_cube_infra.cli.schemas import SCHEMAS, schema_of
from floe_cube_infra.generation import Generated, generate
from floe_cube_infra.inputs.settings import from_stack_file
from floe_cube_infra.model.contracts import contract_cube

CLONE = Path(__file__).resolve().parents[2]
PUBLISHED = CLONE.parent / "shared" / "data" / "contracts"


@pytest.fixture(scope="module")
def shop() -> Generated:
    generated = generate(from_stack_file(CLONE / "stacks" / "Pulumi.local.yaml"), CLONE)
    assert generated is not None
    return generated


def as_json(model: Any) -> Any:
    return json.loads(model.model_dump_json(exclude_defaults=False))


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_in_docs_are_those_of_the_models(name: str) -> None:
    """When this fails on purpose: `floe-cube schemas --out docs/schemas`, and say so in the changelog."""
    committed = (CLONE / "docs" / "schemas" / f"{name}.schema.json").read_text()
    assert committed == schema_of(name)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_valid_and_says_which_version_it_is(name: str) -> None:
    schema = json.loads(schema_of(name))

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:floe-cube-infra:schema:{name}:{SCHEMAS[name][0]}"


def test_every_cube_satisfies_our_schema(shop: Generated) -> None:
    schema = json.loads(schema_of("cube-schema"))
    for cube in shop.model.cubes:
        jsonschema.validate(as_json(contract_cube(cube)), schema)


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the platform's own contracts are not on this machine")
def test_cubes_and_configuration_satisfy_the_platforms_own_contracts(shop: Generated) -> None:
    cube_schema = json.loads((PUBLISHED / "cube-schema.schema.json").read_text())
    for cube in shop.model.cubes:
        jsonschema.validate(as_json(contract_cube(cube)), cube_schema)
    jsonschema.validate(as_json(shop.config), json.loads((PUBLISHED / "cube-config.schema.json").read_text()))
