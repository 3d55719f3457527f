"""What `cube.js` is told of a cube or view, in the form that its reader checks."""

from __future__ import annotations

import json

import pytest

from floe_cube_infra.model.access import AccessRule, Filtered, Refused, RowAccess, RowFilter, Unfiltered
from floe_cube_infra.model.members import ClearDimension
from floe_cube_infra.render import cube_text
from floe_cube_infra.render.access_json import render_access


def test_all_keys_are_there_in_their_order() -> None:
    rule = AccessRule(
        name="orders",
        kind="cube",
        access=Filtered(filters=(RowFilter(member="organization_id", claim="org"),)),
        hidden=("email",),
        joins=("customers",),
        members={"region": ("customers.region", "regions")},
    )
    text = render_access(rule)
    assert text.endswith("}\n")
    assert list(json.loads(text).items()) == [
        ("name", "orders"),
        ("kind", "cube"),
        (
            "access",
            {
                "kind": "filter",
                "filters": [{"member": "organization_id", "claim": "org", "type": "text", "exempts": False}],
            },
        ),
        ("hidden", ["email"]),
        ("clear", {}),
        ("joins", ["customers"]),
        ("members", {"region": ["customers.region", "regions"]}),
    ]


@pytest.mark.parametrize(("access", "kind"), [(Refused(), "refused"), (Unfiltered(), "unfiltered")])
def test_access_without_a_filter_says_only_its_kind(access: RowAccess, kind: str) -> None:
    rule = AccessRule(name="orders", kind="cube", access=access)
    assert json.loads(render_access(rule)) == {
        "name": "orders",
        "kind": "cube",
        "access": {"kind": kind},
        "hidden": [],
        "clear": {},
        "joins": [],
        "members": {},
    }


def test_a_rule_reads_back_as_it_was() -> None:
    rule = AccessRule(name="v", kind="view", access=Unfiltered(), members={"a": ("b", "c.d")})
    assert AccessRule.model_validate_json(render_access(rule)) == rule


def test_what_a_member_is_to_some_roles_is_written_as_its_yaml_would_be() -> None:
    clear = ClearDimension(roles=("support",), sql="{CUBE}.a || '{x}'", type="string", format="a{b}")
    rule = AccessRule(name="v", kind="cube", access=Unfiltered(), clear={"a": clear})
    assert json.loads(render_access(rule))["clear"] == {
        "a": {
            "roles": ["support"],
            "sql": cube_text.sql(clear.sql),
            "type": "string",
            "format": "a\\{b\\}",
            "public": None,
        }
    }
