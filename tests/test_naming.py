from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.naming import (
    content_hash,
    identifier,
    is_dns_label,
    is_dns_subdomain,
    is_identifier,
    recommended_labels,
)


@pytest.mark.parametrize("name", ["orders", "_orders", "Orders2", "_", "a__b"])
def test_letters_digits_and_underscores_are_an_identifier(name: str) -> None:
    assert is_identifier(name)
    assert identifier(name) == name


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("", "_"),
        ("2024_orders", "_2024_orders"),
        ("order items", "order_items"),
        ("order - items!", "order_items"),
        ("orders\n", "orders"),
        ("größe", "gr_e"),
        ("道", "_"),
        ("-1-", "_1"),
        ("payments.v2", "payments_v2"),
    ],
)
def test_anything_else_becomes_the_nearest_identifier(name: str, nearest: str) -> None:
    assert not is_identifier(name)
    assert identifier(name) == nearest


@given(st.text(max_size=30))
def test_every_text_becomes_an_identifier_that_stays_as_it_is(name: str) -> None:
    assert is_identifier(identifier(name))
    assert identifier(identifier(name)) == identifier(name)


@pytest.mark.parametrize("name", ["a", "0", "floe-cube", "a" * 63, "a--b"])
def test_rfc_1123_labels_are_told(name: str) -> None:
    assert is_dns_label(name)
    assert is_dns_subdomain(name)


@pytest.mark.parametrize("name", ["", "-a", "a-", "A", "a_b", "a.b", "a" * 64, "a\n", "ä"])
def test_what_is_no_rfc_1123_label_is_told(name: str) -> None:
    assert not is_dns_label(name)


@pytest.mark.parametrize("name", ["a.b", "a-1.b-2.c", "a" * 253])
def test_rfc_1123_subdomains_are_told(name: str) -> None:
    assert is_dns_subdomain(name)


@pytest.mark.parametrize("name", ["", ".", "a.", ".a", "a..b", "a.-b", "A.b", "a_b", "a" * 254, "a.b\n"])
def test_what_is_no_rfc_1123_subdomain_is_told(name: str) -> None:
    assert not is_dns_subdomain(name)


def test_a_content_hash_is_the_same_for_text_and_its_bytes_and_fit_for_a_name() -> None:
    assert content_hash(["straße"]) == content_hash(["straße".encode()])
    assert re.fullmatch(r"[0-9a-f]{10}", content_hash([]))
    assert content_hash(["a"], length=40).startswith(content_hash(["a"]))


@given(st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
def test_different_parts_have_different_hashes_even_where_they_join_to_the_same_text(
    one: list[str], other: list[str]
) -> None:
    assert (content_hash(one) == content_hash(other)) == (one == other)
    assert content_hash(["ab", "c"]) != content_hash(["a", "bc"])


def test_recommended_labels_tell_component_and_instance_and_are_valid_values() -> None:
    labels = recommended_labels("api", "floe-cube")

    assert labels["app.kubernetes.io/component"] == "api"
    assert labels["app.kubernetes.io/instance"] == "floe-cube"
    assert set(labels) == {
        f"app.kubernetes.io/{name}" for name in ("name", "instance", "component", "part-of", "managed-by")
    }
    assert all(is_dns_label(value) for value in labels.values())
