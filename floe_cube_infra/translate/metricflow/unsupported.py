"""What stops one part of the semantic layer from becoming part of a cube."""

from __future__ import annotations


class CannotSay(Exception):  # noqa: N818 - no error of the program: it becomes a warning
    """Cube has no words for it, or the project doesn't say enough; the text is the reason, to follow a colon."""


class NoCube(CannotSay):
    """The node of a semantic model becomes no cube, so that nothing can be said about it.

    Args:
        semantic_model: Its name.
    """

    def __init__(self, semantic_model: str) -> None:
        super().__init__(f"the node of the semantic model {semantic_model} becomes no cube")
        self.semantic_model = semantic_model
