"""Drift as text for terminals, as Markdown for an issue, and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from floe_cube_infra.drift.findings import Finding
from floe_cube_infra.semantic_diff.markdown_text import inert

_MOST_ROWS: Final = 100
_MOST_PATHS: Final = 8
_NEXT: Final = (
    "`PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --refresh` makes it again what the program says, and takes fields "
    "back from whoever set them; `pulumi refresh` takes over what is there, and the program has to follow."
)


def text_lines(found: Sequence[Finding], stack: str) -> Iterator[str]:
    """Lines for a terminal or a log; all of it."""
    yield _sentence(found, stack)
    for each in found:
        yield f"{each.state:<7}  {each.kind} {each.name}"
        yield from (f"         {path}" for path in each.paths)
    if found:
        yield _NEXT.replace("`", "")


def markdown(found: Sequence[Finding], stack: str) -> str:
    """The body of an issue; ends with a line break. Long tables end earlier, and say so."""
    lines = [inert(_sentence(found, stack)), ""]
    if found:
        rows = [f"| {each.state} | {inert(each.kind)} {inert(each.name)} | {_paths(each)} |" for each in found]
        lines += ["| | Object | Properties |", "| --- | --- | --- |", *rows[:_MOST_ROWS]]
        lines += [f"| | and {len(rows) - _MOST_ROWS} more | |"] if len(rows) > _MOST_ROWS else []
        lines += ["", _NEXT, ""]
    return "\n".join(lines)


def document(found: Sequence[Finding], stack: str) -> dict[str, object]:
    """As data, for JSON."""
    return {
        "ok": not found,
        "stack": stack,
        "findings": [
            {"state": each.state, "kind": each.kind, "name": each.name, "paths": list(each.paths)} for each in found
        ],
    }


def _sentence(found: Sequence[Finding], stack: str) -> str:
    if not found:
        return f"What is there is what the stack {stack} has made."
    gone = sum(each.state == "gone" for each in found)
    counts = {"differ": len(found) - gone, "are gone": gone}
    told = " and ".join(f"{count} {word}" for word, count in counts.items() if count)
    return f"Of what the stack {stack} has made, {told}."


def _paths(finding: Finding) -> str:
    shown = [inert(path) for path in finding.paths[:_MOST_PATHS]]
    more = len(finding.paths) - len(shown)
    return ", ".join([*shown, f"and {more} more"] if more else shown)
