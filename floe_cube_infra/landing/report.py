"""A landing as text for logs, as Markdown for a job's summary, and as data."""

from __future__ import annotations

from collections.abc import Iterator

from floe_cube_infra.landing.target import Target
from floe_cube_infra.landing.waiting import Landing
from floe_cube_infra.semantic_diff.markdown_text import inert


def text_lines(landing: Landing, target: Target) -> Iterator[str]:
    """Lines for a terminal or a log."""
    width = max(len(each.name) for each in landing.outcomes)
    for each in landing.outcomes:
        yield f"{each.state:<8}  {each.name:<{width}}  {each.detail}".rstrip()
    yield _sentence(landing, target)


def markdown(landing: Landing, target: Target) -> str:
    """A table and the sentence; ends with a line break."""
    rows = [f"| {each.state} | {inert(each.name)} | {inert(each.detail)} |" for each in landing.outcomes]
    return "\n".join([inert(_sentence(landing, target)), "", "| | Check | |", "| --- | --- | --- |", *rows, ""])


def document(landing: Landing, target: Target) -> dict[str, object]:
    """As data, for JSON."""
    return {
        "ok": landing.has_landed,
        "api": target.api,
        "modelVersion": target.model_version,
        "seconds": round(landing.seconds, 1),
        "checks": [{"name": each.name, "state": each.state, "detail": each.detail} for each in landing.outcomes],
    }


def _sentence(landing: Landing, target: Target) -> str:
    host = target.api.partition("://")[2].partition("/")[0]
    if landing.has_landed:
        return f"{host} serves the model {target.model_version}."
    return f"{host} has not landed after {landing.seconds:.0f} s; the model {target.model_version} is expected."
