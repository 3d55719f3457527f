"""Whose child a query is, and whether it is traced."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.observer.trace_context import trace_context

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(("flags", "sampled"), [("01", True), ("00", False), ("03", True), ("02", False)])
def test_a_callers_trace_is_continued_and_its_decision_honoured(flags: str, sampled: bool) -> None:
    context = trace_context(f"00-{TRACE}-{SPAN}-{flags}", "vendor=1", ratio=0.5)

    assert (context.trace_id, context.parent_span_id, context.sampled) == (TRACE, SPAN, sampled)
    assert context.trace_state == "vendor=1"
    assert context.span_id != SPAN


def test_a_later_version_may_have_more_fields() -> None:
    assert trace_context(f"01-{TRACE}-{SPAN}-01-more", None, ratio=1).parent_span_id == SPAN


@pytest.mark.parametrize(
    "traceparent",
    [
        None,
        "",
        "garbage",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-01-more",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01\n",
    ],
)
def test_what_is_malformed_counts_as_missing(traceparent: str | None) -> None:
    context = trace_context(traceparent, "vendor=1", ratio=1)

    assert context.parent_span_id is None
    assert context.trace_state is None
    assert context.trace_id != TRACE


@pytest.mark.parametrize(("ratio", "sampled"), [(0.0, {False}), (1.0, {True}), (0.5, {True, False})])
def test_the_ratio_decides_without_a_caller(ratio: float, sampled: set[bool]) -> None:
    assert {trace_context(None, None, ratio).sampled for _ in range(200)} == sampled


def test_the_caller_decides_even_where_the_ratio_is_zero() -> None:
    assert trace_context(f"00-{TRACE}-{SPAN}-01", None, ratio=0).sampled


def test_a_trace_state_with_control_characters_is_dropped() -> None:
    assert trace_context(f"00-{TRACE}-{SPAN}-01", "a=\x00", ratio=1).trace_state is None


@given(st.text(), st.text())
def test_every_context_has_well_formed_ids(traceparent: str, tracestate: str) -> None:
    context = trace_context(traceparent, tracestate, 1)

    assert re.fullmatch("[0-9a-f]{32}", context.trace_id)
    assert re.fullmatch("[0-9a-f]{16}", context.span_id)
