from typing import Any

import pytest

from tools.hints import hint
from tools.summary import render_summary, show_changes

OUTPUTS: dict[str, Any] = {
    "status": "ready",
    "namespace": "floe",
    "restEndpoint": "http://cube.floe.svc:4000/cubejs-api/v1",
    "graphqlEndpoint": "http://cube.floe.svc:4000/cubejs-api/graphql",
    "sqlEndpoint": None,
    "modelVersion": "1f3a",
    "counts": {"models": 5, "columns": 40, "cubes": 5, "views": 1, "warnings": 2},
    "issues": ["orders: no primary key", "events: no columns"],
    "renderDirectory": ".floe/rendered/local",
    "files": {"models": 6, "settings": 1},
}

EXPECTED = """\
Result         created 2, 4.2s
Status         ready
Read           5 models, 40 columns
Generated      5 cubes, 1 view
Files          6 models, 1 setting
REST           http://cube.floe.svc:4000/cubejs-api/v1
GraphQL        http://cube.floe.svc:4000/cubejs-api/graphql
Namespace      floe
Model version  1f3a
Manifests      .floe/rendered/local
Tools          Pulumi 3.259.0
               offline provider
Warnings       orders: no primary key
               events: no columns
Next           make preview  what would change
               make down     removes it"""


def test_the_summary_tells_what_was_read_what_was_made_and_what_to_do_next() -> None:
    steps = [("make preview", "what would change"), ("make down", "removes it")]
    assert render_summary(OUTPUTS, {"create": 2}, ["Pulumi 3.259.0", "offline provider"], "4.2s", steps) == EXPECTED


def test_what_a_stack_does_not_export_is_left_out() -> None:
    assert render_summary({}, {"same": 3}, [], "1s", []) == "Result  0 changes (3 unchanged), 1s"


def test_outputs_of_other_shapes_do_not_break_the_summary() -> None:
    odd = {"counts": "many", "files": 3, "issues": "one", "status": None, "restEndpoint": ""}
    assert render_summary(odd, {}, [], "1s", []) == "Result  0 changes, 1s"


def test_many_warnings_are_cut_and_say_how_to_see_the_rest() -> None:
    text = render_summary({"issues": [f"issue {n}" for n in range(9)]}, {}, [], "1s", [])
    assert "issue 4" in text
    assert "issue 5" not in text
    assert "and 4 more (`pulumi stack output issues`)" in text


def test_warnings_without_their_texts_are_counted() -> None:
    assert "Warnings  1 warning" in render_summary({"counts": {"warnings": 1}}, {}, [], "1s", [])
    assert "Issues  1 error, 2 warnings" in render_summary({"counts": {"errors": 1, "warnings": 2}}, {}, [], "1s", [])
    assert "Warnings" not in render_summary({"counts": {"errors": 0, "warnings": 0}}, {}, [], "1s", [])


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"same": 43}, "0 changes (43 unchanged)"),
        ({}, "0 changes"),
        ({"create": 12}, "created 12"),
        ({"update": 1, "replace": 2, "delete": 3, "same": 4}, "updated 1, replaced 2, deleted 3 (4 unchanged)"),
        ({"same": 1, "read": 2}, "0 changes (1 unchanged)"),
        ({"create": 1, "create-replacement": 2}, "created 1, create-replacement 2"),
    ],
)
def test_changes_are_told_in_words_and_no_kind_of_change_is_hidden(changes: dict[str, int], text: str) -> None:
    assert show_changes(changes) == text


def test_failures_that_have_a_remedy_here_get_advice_and_others_none() -> None:
    assert "make clean" in (hint("error: get stack secrets manager: incorrect passphrase\n") or "")
    assert "pulumi cancel" in (hint("error: the stack is currently locked by 1 lock(s)") or "")
    assert "pulumi preview --help" in (hint("error: unknown flag: --dif") or "")
    assert hint("error: boom") is None
