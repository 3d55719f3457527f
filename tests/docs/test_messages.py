"""Messages that pages quote are ones that the program prints. Those of `floe-cube` are provoked in test_snippets."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.docs.messages import is_printed
from tests.docs.pages import DOCS, in_language

TROUBLE: Final = DOCS / "troubleshooting.md"
# Cube's own, not of this project.
CUBES_OWN: Final = {"Continue wait", "'<member>' not found for path '<cube>.<member>'"}


def quoted() -> list[str]:
    """Whole lines of `text` snippets, and what stands in tables of answers."""
    lines = [line for snippet in in_language("text") for line in snippet.text.splitlines()]
    rows = [line for line in TROUBLE.read_text().splitlines() if line.startswith("| ")]
    sentences = [code for row in rows for code in re.findall(r"\| `([^`]{8,})` \|", row)]
    return lines + [sentence for sentence in sentences if sentence not in CUBES_OWN]


@pytest.mark.parametrize("message", quoted())
def test_a_quoted_message_is_one_that_is_printed(message: str) -> None:
    assert is_printed(message), "no source of the program has this text; quote what it says now"


def test_a_message_that_nobody_prints_is_found() -> None:
    assert len(quoted()) > 20
    assert is_printed("The token lacks a usable claim u.<claim>.")
    assert not is_printed("The token lacks a usable claim x.<claim>.")
