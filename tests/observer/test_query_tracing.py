"""Tracing a query from a `with` block."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from floe_cube_infra.model.query_trace import QueryTraceSpan
from floe_cube_infra.observer.query_tracing import record_query_result, trace_query

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def test_a_block_becomes_a_tree_of_spans() -> None:
    exported: list[tuple[QueryTraceSpan, ...]] = []
    with trace_query(
        exported.append, cubes=["orders"], measures=["orders.count"], traceparent=f"00-{TRACE}-{PARENT}-01"
    ) as query:
        with query.phase("security"):
            pass
        with query.phase("execute"), query.database_query():
            pass
        record_query_result(query, rows=3)

    ((root, security, execute, statement),) = exported
    assert (root.name, root.kind, root.trace_id, root.parent_span_id) == ("cube.query", "SERVER", TRACE, PARENT)
    assert [(each.name, each.parent_span_id) for each in (security, execute, statement)] == [
        ("cube.security", root.span_id),
        ("cube.execute", root.span_id),
        ("database.query", execute.span_id),
    ]
    assert (root.status, root.attributes["cube.rows"], root.attributes["cube.names"]) == ("UNSET", 3, ("orders",))
    assert root.start_time <= security.start_time <= security.end_time <= root.end_time


def test_what_is_raised_makes_a_failed_query_and_goes_on() -> None:
    exported: list[tuple[QueryTraceSpan, ...]] = []
    with (
        pytest.raises(LookupError),
        trace_query(exported.append, cubes=["orders"]) as query,
        query.phase("execute"),
        query.database_query(),
    ):
        raise LookupError("secret")

    spans = {span.name: span for span in exported[0]}
    assert {name: span.status for name, span in spans.items()} == {
        "cube.query": "ERROR",
        "cube.execute": "UNSET",
        "database.query": "ERROR",
    }
    assert spans["cube.query"].attributes["error.type"] == "LookupError"
    assert "secret" not in str(exported)


def test_a_failure_that_is_not_raised_can_be_noted() -> None:
    exported: list[tuple[QueryTraceSpan, ...]] = []
    with trace_query(exported.append, cubes=[]) as query:
        record_query_result(query, error=ValueError("secret"))

    assert exported[0][0].status == "ERROR"


@pytest.mark.parametrize("traceparent", [f"00-{TRACE}-{PARENT}-00", None])
def test_what_is_not_sampled_is_not_exported(traceparent: str | None) -> None:
    exported: list[tuple[QueryTraceSpan, ...]] = []
    with trace_query(exported.append, cubes=["orders"], traceparent=traceparent, ratio=0):
        pass

    assert exported == []


def test_no_query_fails_because_of_tracing() -> None:
    def broken(_: tuple[QueryTraceSpan, ...]) -> None:
        raise RuntimeError

    with trace_query(broken, cubes=["orders"]):
        done = True
    with trace_query(None, cubes=["orders"]):
        pass

    assert done


@pytest.mark.parametrize(
    "changes",
    [{"trace_id": "0" * 32}, {"span_id": "0" * 16}, {"span_id": "A" * 16}, {"end_time": 1}, {"kind": "ROOT"}],
)
def test_a_span_that_is_none_is_refused(changes: dict[str, object]) -> None:
    sound = {"trace_id": TRACE, "span_id": PARENT, "name": "cube.query", "start_time": 2, "end_time": 3}
    assert QueryTraceSpan.model_validate(sound)

    with pytest.raises(ValidationError):
        QueryTraceSpan.model_validate({**sound, **changes})
