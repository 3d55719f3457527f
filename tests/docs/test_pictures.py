"""The hand-made pictures of docs/: every text lies within its box and within the picture, whatever the font."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import pytest

PICTURES: Final = sorted((Path(__file__).parents[2] / "docs" / "pictures").glob("*.svg"))
SVG: Final = "{http://www.w3.org/2000/svg}"
# The widest of the fonts that the pictures name, DejaVu Sans Mono, in ems.
LETTER: Final = 0.603
SIZE: Final = 12


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: Box) -> bool:
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def meets(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def number(element: ElementTree.Element, name: str) -> float:
    return float(element.get(name, "0"))


def box_of(rectangle: ElementTree.Element) -> Box:
    left, top = number(rectangle, "x"), number(rectangle, "y")
    return Box(left, top, left + number(rectangle, "width"), top + number(rectangle, "height"))


def box_of_text(text: ElementTree.Element) -> Box:
    width = len(text.text or "") * LETTER * SIZE
    left = number(text, "x") - {None: 0.0, "middle": width / 2, "end": width}[text.get("text-anchor")]
    return Box(left, number(text, "y") - SIZE * 0.8, left + width, number(text, "y") + SIZE * 0.25)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.stem)
def test_texts_lie_within_their_boxes_and_apart_from_each_other(picture: Path) -> None:
    root = ElementTree.fromstring(picture.read_text())
    whole = Box(0, 0, number(root, "width"), number(root, "height"))
    boxes = [box_of(element) for element in root.iter(f"{SVG}rect")]
    texts = [(element.text, box_of_text(element)) for element in root.iter(f"{SVG}text")]

    assert root.findtext(f"{SVG}title"), "what the picture shows, for those who can't see it"
    for text, place in texts:
        assert whole.holds(place), text
        assert not [box for box in boxes if box.meets(place) and not box.holds(place)], text
        assert not [other for other, there in texts if there is not place and there.meets(place)], text
