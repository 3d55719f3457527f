"""Warnings are told seldom."""

from __future__ import annotations

import pytest

from floe_cube_infra.observer.rare_warnings import RareWarnings


def test_each_kind_is_told_once_a_minute_with_how_many_were_kept_back() -> None:
    told: list[str] = []
    now = 0.0
    warnings = RareWarnings(told.append, clock=lambda: now)
    for now in (0.0, 1.0, 59.0, 60.0, 61.0):  # noqa: B007 - the clock reads it
        warnings.warn("a", "a is away")
    warnings.warn("b", "b is away")

    assert told == [
        "warning: a is away",
        "warning: a is away (and 2 more since the last warning)",
        "warning: b is away",
    ]


def test_warnings_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    RareWarnings().warn("a", "a is away")

    assert capsys.readouterr() == ("", "warning: a is away\n")
