"""Changes as text for terminals, as Markdown for pull requests, and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from floe_cube_infra.semantic_diff.changes import Change, Effect


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
            yield from (f"  {each.sentence}" + (f"  [{each.origin}]" if each.origin else "") for each in of_effect)


def markdown(changes: Sequence[Change]) -> str:
    """A part of a comment; ends with a line break. What is only cosmetic is folded away."""
    if not changes:
        return "Nothing changes for those who query.\n"
    lines: list[str] = []
    for effect in Effect:
        of_effect = [each for each in changes if each.effect is effect]
        if not of_effect:
            continue
        heading = f"{effect.sentence} ({len(of_effect)})"
        table = ["| what | dbt |", "| --- | --- |", *(_row(each) for each in of_effect)]
        if effect is Effect.COSMETIC:
            lines += [f"<details><summary>{heading}</summary>", "", *table, "", "</details>", ""]
        else:
            lines += [f"#### {heading}", "", *table, ""]
    return "\n".join(lines)


def document(changes: Sequence[Change]) -> dict[str, object]:
    """As data, for JSON."""
    return {"counts": counts(changes), "changes": [each.model_dump(mode="json") for each in changes]}


def _row(change: Change) -> str:
    return f"| {_cell(change.sentence)} | {_cell(change.origin or '')} |"


def _cell(text: str) -> str:
    """Text in a table: names and expressions come from others, and must stay text."""
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("`", "\\`")
    escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Nobody is called by a column's name.
    return escaped.replace("@", "@\u200b").replace("*", "\\*").replace("_", "\\_")
