"""`meta.owner`, as people write it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.inputs.dbt_owners import Owner, meta_owners

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "email", "x"]), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("written", "owners"),
    [
        ("Finance", [Owner(name="Finance")]),
        (" jo@example.com ", [Owner(email="jo@example.com")]),
        ("@finance", [Owner(name="@finance")]),
        ("Jo <jo@example.com>", [Owner(name="Jo <jo@example.com>")]),
        ({"name": "Jo", "email": "jo@example.com", "slack": "#jo"}, [Owner(name="Jo", email="jo@example.com")]),
        (["Jo", {"email": ["a@x", "b@x"]}], [Owner(name="Jo"), Owner(email=["a@x", "b@x"])]),
        ("", []),
        (None, []),
        (7, []),
        ({"name": 7}, []),
    ],
)
def test_owners_are_read_in_every_form_that_is_one(written: Any, owners: list[Owner]) -> None:
    assert list(meta_owners({"owner": written})) == owners


@given(ANYTHING)
def test_whatever_meta_holds_is_no_error(written: Any) -> None:
    assert all(isinstance(each, Owner) for each in meta_owners({"owner": written}))
