"""Links in the comment: to the run, the whole preview, the picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from floe_cube_infra.semantic_diff.markdown_text import inert

# What an address may hold, less what could end a link in Markdown.
_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?(?:[/?#][A-Za-z0-9._~:/?#@!$&*+,;=%-]*)?")
_LONGEST: Final = 2_000


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link.

    Attributes:
        title: What is drawn.
        address: Where it leads, by https.
    """

    title: str
    address: str


def is_address(text: str) -> bool:
    """Whether a link may lead there: https, and nothing that Markdown would take for its own."""
    return len(text) <= _LONGEST and _ADDRESS.fullmatch(text) is not None


def markdown_links(links: Sequence[Link]) -> str:
    """All of them in one line."""
    return " · ".join(f"[{inert(link.title)}](<{link.address}>)" for link in links)
