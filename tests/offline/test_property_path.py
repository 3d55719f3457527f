from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.offline.property_path import PropertyPathError, contains, format_path, parse_path

# A key that ends in a backslash can't be quoted in Pulumi's own grammar.
_STEPS = st.lists(
    st.integers(0, 99)
    | st.text(max_size=9).filter(lambda key: key != "*" and not key.endswith("\\") and '\\"' not in key),
    min_size=1,
).map(tuple)


@given(_STEPS)
def test_a_path_is_read_back_as_it_was_written(path):
    assert parse_path(format_path(path)) == path


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("spec", "containers", 0, "image"), "spec.containers[0].image"),
        (("metadata", "annotations", "a.b/c"), 'metadata.annotations["a.b/c"]'),
        (("data", "cube-api"), "data.cube-api"),
        (("a.b",), '["a.b"]'),
        (("data", 'say "x"'), 'data["say \\"x\\""]'),
    ],
)
def test_paths_are_written_as_the_official_provider_writes_them(path, text):
    assert format_path(path) == text


@pytest.mark.parametrize(
    ("outer", "inner", "held"),
    [
        ("spec", "spec.replicas", True),
        ("spec.*.image", "spec.a.image.tag", True),
        ("list[*].a", "list[3].a", True),
        ("*", "anything[0]", True),
        ("spec.replicas", "spec", False),
        ("spec.replica", "spec.replicas", False),
        ("list[1]", "list[2]", False),
    ],
)
def test_a_path_holds_what_lies_below_it_and_a_star_stands_for_any_step(outer, inner, held):
    assert contains(parse_path(outer), parse_path(inner)) is held


@pytest.mark.parametrize("text", ["", ".a", "a[", "a[x]", 'a["b]', "a."])
def test_what_is_no_path_is_refused_and_quoted(text):
    with pytest.raises(PropertyPathError, match=r"isn't a property path"):
        parse_path(text)
