"""What `make up` says at its end: what was read, what was made of it, where it lies, and what to do next."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# What the engine calls a change, and how to say it. `same` and `read` are none.
_CHANGES = {
    "create": "created",
    "update": "updated",
    "replace": "replaced",
    "delete": "deleted",
    "import": "imported",
    "refresh": "refreshed",
    "discard": "discarded",
}
_NO_CHANGE = {"same", "read"}
_READ = ("models", "columns")
_ISSUES = ("errors", "warnings")
_ENDPOINTS = (("REST", "restEndpoint"), ("GraphQL", "graphqlEndpoint"), ("SQL", "sqlEndpoint"))
_SHOWN_ISSUES = 5

NEXT_STEPS = (
    ("make preview", "what a change would do, before it is done"),
    ("stacks/Pulumi.local.yaml", "the settings of this stack; `make up` again after an edit"),
    ("floe-cube check --help", "checks artifacts and manifest without provisioning (in .venv/bin)"),
    ("make down", "removes what this stack made"),
)


def show_changes(changes: Mapping[str, int]) -> str:
    """`created 12, updated 1 (30 unchanged)` or `0 changes (43 unchanged)`."""
    told = [f"{word} {changes[kind]}" for kind, word in _CHANGES.items() if changes.get(kind)]
    others = set(changes) - set(_CHANGES) - _NO_CHANGE
    told += [f"{kind} {changes[kind]}" for kind in sorted(others) if changes[kind]]
    same = changes.get("same", 0)
    return (", ".join(told) or "0 changes") + (f" ({same} unchanged)" if same else "")


def render_summary(
    outputs: Mapping[str, Any],
    changes: Mapping[str, int],
    tools: Sequence[str],
    seconds: str,
    steps: Iterable[tuple[str, str]] = NEXT_STEPS,
) -> str:
    """The summary, in aligned lines; what the stack doesn't export is left out.

    Args:
        outputs: The stack's outputs.
        changes: Resources by kind of change, as Pulumi's history tells them.
        tools: Lines about the tools that were used.
        seconds: How long it took, such as `4.2s`.
        steps: What to do next, as pairs of command and purpose.
    """
    counts = _mapping(outputs.get("counts"))
    rows = [("Result", f"{show_changes(changes)}, {seconds}")]
    if isinstance(status := outputs.get("status"), str):
        rows.append(("Status", status))
    rows += _present("Read", _count_list(counts, [name for name in _READ if name in counts]))
    made = [name for name in counts if name not in (*_READ, *_ISSUES)]
    rows += _present("Generated", _count_list(counts, made))
    rows += _present("Files", _count_list(files := _mapping(outputs.get("files")), list(files)))
    rows += [(label, str(outputs[key])) for label, key in _ENDPOINTS if outputs.get(key)]
    for label, key in (
        ("Namespace", "namespace"),
        ("Model version", "modelVersion"),
        ("Manifests", "renderDirectory"),
    ):
        rows += _present(label, str(outputs.get(key) or ""))
    rows += [("Tools" if index == 0 else "", line) for index, line in enumerate(tools)]
    rows += _issue_rows(counts, outputs.get("issues"))
    rows += [("Next" if index == 0 else "", text) for index, text in enumerate(_align(steps))]
    return "\n".join(_align(rows))


def _issue_rows(counts: Mapping[str, Any], issues: object) -> list[tuple[str, str]]:
    texts = [str(issue) for issue in issues] if isinstance(issues, list) else []
    shown = texts[:_SHOWN_ISSUES]
    if len(texts) > len(shown):
        shown.append(f"and {len(texts) - len(shown)} more (`pulumi stack output issues`)")
    found = [name for name in _ISSUES if counts.get(name)]
    if not shown and found:
        shown = [_count_list(counts, found)]
    label = "Issues" if "errors" in found else "Warnings"
    return [(label if index == 0 else "", text) for index, text in enumerate(shown)]


def _count_list(counts: Mapping[str, Any], names: Sequence[str]) -> str:
    return ", ".join(f"{counts[name]} {_singular(name) if counts[name] == 1 else name}" for name in names)


def _singular(name: str) -> str:
    return name.removesuffix("s")


def _present(label: str, text: str) -> list[tuple[str, str]]:
    return [(label, text)] if text else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _align(rows: Iterable[tuple[str, str]]) -> list[str]:
    listed = list(rows)
    width = max((len(label) for label, _ in listed), default=0)
    return [f"{label:<{width}}  {text}".rstrip() for label, text in listed]
