"""The pages as Markdown: their fenced snippets and their inline code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

PROJECT: Final = Path(__file__).parents[2]
DOCS: Final = PROJECT / "docs"
README: Final = PROJECT / "README.md"
CONTRIBUTING: Final = PROJECT / "CONTRIBUTING.md"
PAGES: Final = (README, CONTRIBUTING, *sorted(DOCS.rglob("*.md")))

# What stands before a snippet that is only held against the options of the program that it calls.
_NOT_RUN: Final = re.compile(r"<!-- not run: (?P<why>[^>]+) -->")
# What stands before one that shows a part of a file of this project.
_PART_OF: Final = re.compile(r"<!-- part of: (?P<file>\S+) -->")


@dataclass(frozen=True, kw_only=True)
class Snippet:
    """A fenced piece of a page.

    Attributes:
        page: Its file.
        line: Where it begins.
        language: What the fence says.
        text: What is in it.
        not_run: Why it isn't run, as the comment before it says; None where it is.
        part_of: The file of which it shows a part.
    """

    page: Path
    line: int
    language: str
    text: str
    not_run: str | None
    part_of: Path | None

    def __str__(self) -> str:
        """For messages, and as a test's name."""
        return f"{self.page.name}:{self.line}"


def snippets(page: Path) -> list[Snippet]:
    """All snippets of a page, in their order."""
    found, comment = [], ""
    for token in MarkdownIt("commonmark").parse(page.read_text()):
        if token.type == "fence":
            assert token.map is not None
            why, file = _NOT_RUN.fullmatch(comment), _PART_OF.fullmatch(comment)
            # The front's commands name files of one's own.
            own = "names of one's own" if page == README and token.info == "sh" else None
            snippet = Snippet(
                page=page,
                line=token.map[0] + 1,
                language=token.info,
                text=token.content,
                not_run=why["why"] if why else own,
                part_of=PROJECT / file["file"] if file else None,
            )
            found.append(snippet)
        comment = token.content.strip() if token.type == "html_block" else ""
    return found


def in_language(*languages: str) -> list[Snippet]:
    """The snippets of all pages in some languages."""
    return [snippet for page in PAGES for snippet in snippets(page) if snippet.language in languages]


def inline_code(page: Path) -> Iterator[str]:
    """What a page has between backticks, outside of snippets."""
    # Tables, too: they are no part of CommonMark.
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text()):
        yield from (child.content for child in token.children or () if child.type == "code_inline")
