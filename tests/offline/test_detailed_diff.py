from __future__ import annotations

import copy

from hypothesis import given

from floe_cube_infra.offline.detailed_diff import Change, ChangeKind, changes
from floe_cube_infra.offline.wire import UNKNOWN, Secret, has_unknown, plain
from tests.offline.values import PLAIN_VALUES, VALUES


def _apply(value, found):
    """Follows the changes; deletions from the end, so that list indices stay right."""
    value = copy.deepcopy(value)
    for change in sorted(found, key=lambda change: change.kind is ChangeKind.DELETE):
        if not change.path:
            return change.new
    deletions = [change for change in found if change.kind is ChangeKind.DELETE]
    for change in [*(c for c in found if c.kind is not ChangeKind.DELETE), *reversed(deletions)]:
        parent = value
        for step in change.path[:-1]:
            parent = parent[step]
        last = change.path[-1]
        if change.kind is ChangeKind.DELETE:
            del parent[last]
        elif isinstance(parent, list) and last == len(parent):
            parent.append(change.new)
        else:
            parent[last] = change.new
    return value


@given(PLAIN_VALUES, PLAIN_VALUES)
def test_following_the_changes_leads_from_the_old_value_to_the_new(old, new):
    found = list(changes(old, new))
    result = _apply(old, found)
    assert result == new
    assert list(changes(result, new)) == []


@given(VALUES)
def test_equal_values_have_no_changes_unless_something_isnt_known(value):
    assert bool(list(changes(value, value))) == has_unknown(value)


@given(VALUES)
def test_whether_a_value_is_secret_is_no_change(value):
    known = plain(value)
    assert bool(list(changes(value, known))) == has_unknown(value)


def test_a_change_is_told_at_the_deepest_shared_path():
    old = {"spec": {"list": [{"a": 1, "b": 2}, 2], "gone": {"deep": 1}}}
    new = {"spec": {"list": [{"a": 1, "b": 3}], "come": [1]}}
    assert {(change.path, change.kind) for change in changes(old, new)} == {
        (("spec", "list", 0, "b"), ChangeKind.UPDATE),
        (("spec", "list", 1), ChangeKind.DELETE),
        (("spec", "gone"), ChangeKind.DELETE),
        (("spec", "come"), ChangeKind.ADD),
    }


def test_a_value_that_isnt_known_is_an_update_where_something_was_and_an_addition_where_not():
    assert list(changes({"a": Secret("x")}, {"a": UNKNOWN, "b": UNKNOWN})) == [
        Change(("a",), ChangeKind.UPDATE, "x", UNKNOWN),
        Change(("b",), ChangeKind.ADD, None, UNKNOWN),
    ]


def test_true_and_one_differ_and_so_do_null_and_nothing():
    assert [change.kind for change in changes({"a": True, "b": None}, {"a": 1})] == [
        ChangeKind.UPDATE,
        ChangeKind.DELETE,
    ]
