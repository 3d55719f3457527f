"""Foreign text within Markdown: it stays text, whatever it holds."""

from __future__ import annotations

import re
from typing import Final

# Punctuation by which Markdown, HTML, mentions and links begin; what is left reads as it is.
_MARKUP: Final = re.compile(r"[!#$&*<>@\[\\\]^_`{|}~]")
_CALLS: Final = re.compile(r"(&#(?:35|64);|www(?=\.)|:(?=//))", re.IGNORECASE)
# A blank of no width, spelt so that outputs which hold no such letter keep it.
_NO_WIDTH: Final = "&#8203;"
_LONGEST: Final = 300


def inert(text: str) -> str:
    """The text for one line of Markdown: it draws nothing, links nowhere, calls nobody, and is not long.

    Args:
        text: Of any length, with any characters; line breaks and control characters become blanks.
    """
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    short = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."
    # Character references can't be structure. Mentions, issues and addresses are looked for in what is drawn, so
    # that they need something between.
    escaped = _MARKUP.sub(lambda found: f"&#{ord(found[0])};", short)
    return _CALLS.sub(lambda found: f"{found[0]}{_NO_WIDTH}", escaped)
