"""The site builds without a warning, holds every page, and needs nothing from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
DOCS = PROJECT / "docs"

pytestmark = pytest.mark.xdist_group("site")


def pages_of(menu: Any) -> list[str]:
    if isinstance(menu, str):
        return [menu]
    entries = menu.values() if isinstance(menu, dict) else menu
    return [page for entry in entries for page in pages_of(entry)]


class Loaded(HTMLParser):
    """What a browser fetches by itself to show a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"script", "img", "iframe"}:
            self.addresses.append(given.get("src") or "")
        if tag == "link" and given.get("rel") != "canonical":
            self.addresses.append(given.get("href") or "")


def text_of(page: Path) -> str:
    """What a page says, without code."""
    article = page.read_text().partition("<article")[2].partition("</article")[0]
    return re.sub(r"<[^>]+>", "", re.sub(r"<(pre|code)\b.*?</\1>", "", article, flags=re.DOTALL))


def test_the_menu_holds_every_page_once() -> None:
    named = pages_of(yaml.safe_load((PROJECT / "mkdocs.yml").read_text())["nav"])
    present = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}

    assert len(named) == len(set(named))
    assert set(named) == present, "add a new page to `nav` in mkdocs.yml, below the heading whose readers look for it"


def test_the_site_builds_without_a_warning_and_loads_nothing_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert site / "index.html" in pages
    for page in pages:
        loaded = Loaded()
        loaded.feed(page.read_text())
        assert loaded.addresses, page
        assert not [address for address in loaded.addresses if "//" in address], page
    assert not [style for style in site.rglob("*.css") if "url(http" in style.read_text().replace(" ", "")]


def test_no_markdown_is_left_on_the_pages(site: Path) -> None:
    # Such as a list that begins without an empty line before it, which GitHub takes and the site doesn't.
    left = re.compile(r"\| ?---|\n *- |\n *\d\. |\*\*|\]\(|```")
    found = {page.name: match[0] for page in site.glob("*.html") if (match := left.search(text_of(page)))}
    assert found == {}
