"""Changes as text for terminals, and as Markdown for pull requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from floe_cube_infra.semantic_diff.changes import Change, Effect
from floe_cube_infra.semantic_diff.markdown_text import inert


def counts(changes: Sequence[Change]) -> dict[str, int]:
    """How many there are of each effect, the gravest first; those of none are left out."""
    found = {effect: sum(each.effect is effect for each in changes) for effect in Effect}
    return {effect.value: count for effect, count in found.items() if count}


def text_lines(changes: Sequence[Change]) -> Iterator[str]:
    """Lines for a terminal."""
    if not changes:
        yield "Nothing changes for those who query."
        return
    for effect in Effect:
        of_effect = [each for each in changes if each.effect is effect]
        if of_effect:
            yield f"{effect.sentence} ({len(of_effect)})"
            yield from map(_line, of_effect)


def markdown(changes: Sequence[Change], *, most: int | None = None) -> str:
    """A part of a comment; ends with a line break. What is only cosmetic is folded away.

    Args:
        changes: What changed.
        most: How many rows a table has before it only says how many there are more; None for all.
    """
    if not changes:
        return "Nothing changes for those who query.\n"
    lines: list[str] = []
    for effect in Effect:
        of_effect = [each for each in changes if each.effect is effect]
        if not of_effect:
            continue
        heading = f"{effect.sentence} ({len(of_effect)})"
        table = list(_table(of_effect, most))
        if effect is Effect.COSMETIC:
            lines += [f"<details><summary>{heading}</summary>", "", *table, "", "</details>", ""]
        else:
            lines += [f"#### {heading}", "", *table, ""]
    return "\n".join(lines)


def _line(change: Change) -> str:
    origin = f"  [{change.origin}]" if change.origin else ""
    return f"  {change.sentence}{origin}" + (f"  ask: {change.ask}" if change.owners else "")


def _table(changes: Sequence[Change], most: int | None) -> Iterator[str]:
    """Rows, with a column for whom to ask where anyone is known."""
    more = 0 if most is None else max(0, len(changes) - most)
    has_owners = any(each.owners for each in changes)
    last = " ask |" if has_owners else ""
    yield f"| what | dbt |{last}"
    yield "| --- | --- |" + (" --- |" if has_owners else "")
    for each in changes[:most]:
        # Names and expressions come from others, and must stay text.
        asked = f" {inert(each.ask)} |" if has_owners else ""
        yield f"| {inert(each.sentence)} | {inert(each.origin or '')} |{asked}"
    if more:
        yield f"| and {more} more | |" + (" |" if has_owners else "")
