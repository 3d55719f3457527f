"""A change, and what it means to those who query."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from floe_cube_infra.model.frozen import Frozen
from floe_cube_infra.model.owners import Owner


class Effect(StrEnum):
    """What a change means; the gravest comes first."""

    WIDENS = "widens"
    BREAKS = "breaks"
    NUMBERS = "numbers"
    ADDS = "adds"
    COSMETIC = "cosmetic"

    @property
    def sentence(self) -> str:
        """What it means, as a heading."""
        return _SENTENCES[self]


_SENTENCES = {
    Effect.WIDENS: "May widen who sees what",
    Effect.BREAKS: "Breaks queries",
    Effect.NUMBERS: "Changes numbers",
    Effect.ADDS: "Adds",
    Effect.COSMETIC: "Cosmetic, or only faster or slower",
}


_ASKED = 3

Action = Literal["added", "removed", "renamed", "changed"]


class Change(Frozen):
    """One change.

    Attributes:
        effect: What it means.
        action: What happened.
        kind: To what: `cube`, `view`, `setting`, or a kind of member.
        name: Its name, with its cube: `orders.revenue`.
        aspect: Which of its properties changed; None where all of it is meant.
        old: What it was; None where there was nothing.
        new: What it is; None where there is nothing.
        origin: The dbt node that it comes from, with its file.
        owners: Whom to ask.
    """

    effect: Effect
    action: Action
    kind: str
    name: str
    aspect: str | None = None
    old: object = None
    new: object = None
    origin: str | None = None
    owners: tuple[Owner, ...] = ()

    @property
    def ask(self) -> str:
        """Whom to ask, in words; empty if nobody is known."""
        told = [each.text for each in self.owners[:_ASKED]]
        more = [f"and {len(self.owners) - _ASKED} more"] if len(self.owners) > _ASKED else []
        return "; ".join([*told, *more])

    @property
    def sentence(self) -> str:
        """The change in words, without its effect."""
        if self.action == "renamed":
            return f"{self.kind} {self.name} renamed to {self.new}"
        if self.aspect is None:
            return f"{self.kind} {self.name} {self.action}"
        if self.old is None:
            return f"{self.kind} {self.name}: {self.aspect} added: {shown(self.new)}"
        if self.new is None:
            return f"{self.kind} {self.name}: {self.aspect} removed, which was {shown(self.old)}"
        return f"{self.kind} {self.name}: {self.aspect} changed from {shown(self.old)} to {shown(self.new)}"


_LONGEST = 120


def shown(value: object) -> str:
    """A value for people: one line, and not a long one."""
    text = value if isinstance(value, str) else repr(value)
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."
