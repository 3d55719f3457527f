"""Whatever the file holds: artifacts or an ArtifactsError, and never a value that may be a secret."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from floe_cube_infra.errors import ArtifactsError
from floe_cube_infra.inputs import compiled_artifacts

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "compiled_artifacts.json"
DOCUMENT: dict[str, Any] = json.loads(SHOP.read_text())
DOCUMENT["consumption"]["pre_aggregations"] |= {"cube_store": {"s3_bucket": "b"}, "export_bucket": {"name": "n"}}
DOCUMENT["environment_context"] = {"tenant_id": "t", "environment_type": "production"}

USED_SECTIONS = ("version", "metadata", "compute", "consumption", "observability", "environment_context")

Path_ = tuple[str | int, ...]


def paths_in(value: object, path: Path_ = ()) -> list[Path_]:
    """The place of every value in a document."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, child in children for found in paths_in(child, (*path, key)))]


def replaced(document: object, path: Path_, value: object) -> object:
    if not path:
        return value
    result = copy.deepcopy(document)
    place: Any = result
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return result


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(), max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
PATHS = paths_in(DOCUMENT)
USED_PATHS = [path for path in PATHS if path and path[0] in USED_SECTIONS]

# A secret has a digit and letters of both cases, as anything that is generated or follows a rule for passwords.
SECRETS = st.from_regex(r"[A-Za-z0-9+/=!_.-]{6,40}", fullmatch=True).map(lambda text: f"{text}aZ7")


def message(document: object) -> str:
    try:
        compiled_artifacts.load(json.dumps(document).encode(), "artifacts.json")
    except ArtifactsError as error:
        return str(error)
    return ""


@given(ANY_JSON)
@settings(max_examples=100, deadline=None)
def test_any_json_is_artifacts_or_an_artifacts_error(document: object) -> None:
    assert "no CompiledArtifacts file" in message(document)


@given(st.sampled_from(PATHS), ANY_JSON)
@example(path=("version",), value="9" * 5000 + ".0.0")
@example(path=("consumption", "port"), value=10**400)
@example(path=("consumption", "port"), value=float("nan"))
@example(path=("consumption", "database_type"), value=["postgres"])
@example(path=("lineage_namespace",), value="\ud800")
@example(path=("observability", "attributes"), value={"\ud800": "\udfff"})
@settings(max_examples=200, deadline=None)
def test_any_value_in_any_place_is_artifacts_or_an_artifacts_error(path: Path_, value: object) -> None:
    message(replaced(DOCUMENT, path, value))


@given(st.binary(max_size=64))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_an_artifacts_error(content: bytes) -> None:
    with pytest.raises(ArtifactsError, match=r"artifacts\.json"):
        compiled_artifacts.load(content, "artifacts.json")


@given(st.data(), st.sampled_from(USED_PATHS), SECRETS, st.sampled_from(["text", "list", "mapping", "beside"]))
@settings(max_examples=300, deadline=None)
def test_a_secret_in_the_wrong_place_is_never_repeated(
    data: st.DataObject, path: Path_, secret: str, form: str
) -> None:
    value: object = {"text": secret, "list": [secret], "mapping": {"password": secret}, "beside": secret}[form]
    if form == "beside":  # a key that doesn't belong there, of which only the name may be told
        path = (*path[:-1], "password")
    document = replaced(DOCUMENT, path, value)
    # A second problem elsewhere makes sure that there is a message to look into.
    broken = replaced(document, ("metadata", "source_hash"), 7) if path[0] != "metadata" else document

    assert secret not in message(document)
    assert secret not in message(broken)
