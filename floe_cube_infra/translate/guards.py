"""What dbt's tests really guarantee: unique columns, columns without null, and references.

A test counts only if it is enabled, covers all rows (no `where`, no `limit`) and stops the build when one row
fails (severity error, default thresholds).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from floe_cube_infra.inputs.dbt_manifest import Manifest, Node

# Thresholds of failing rows that one row crosses; the first is dbt's default.
_EVERY_ROW = frozenset({"!=0", ">0", ">=1"})
_UNIQUE_TESTS = frozenset({"unique", "unique_combination_of_columns"})
_REF = re.compile(r"\bref\(\s*(?P<arguments>[^)]*)\)")
_QUOTED = re.compile(r"['\"]([^'\"]*)['\"]")
_VERSION = re.compile(r"\bv(?:ersion)?\s*=\s*['\"]?([\w.]+)")


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A `relationships` test: every value of `column` occurs in `to_column` of the node `to`.

    Attributes:
        test: The test's node, for messages.
        node: The `unique_id` of the tested node.
        column: Its column.
        to: The `unique_id` of the other node.
        to_column: The other column.
    """

    test: Node
    node: str
    column: str
    to: str
    to_column: str


@dataclass
class Guards:
    """By `unique_id`: sets of lower-case column names; and the references.

    Attributes:
        unique: Sets of columns that are unique together.
        doubtful: Sets of columns with a unique test that doesn't guard all rows, or is disabled.
        not_null: Columns without null.
        accepted_values: How many values a column has, where a test says which.
        references: In the manifest's order; they say how tables belong together, however strictly tested.
    """

    unique: dict[str, set[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(set))
    doubtful: dict[str, set[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(set))
    not_null: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    accepted_values: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    references: list[Reference] = field(default_factory=list)


def read_guards(manifest: Manifest) -> Guards:
    """Reads all generic tests of the manifest."""
    guards = Guards()
    for test in manifest.tests():
        if test.test_metadata is None:
            continue
        kwargs = test.test_metadata.kwargs or {}
        node = _tested_node(test, manifest)
        column = test.column_name or kwargs.get("column_name")
        if node is None:
            continue
        name = test.test_metadata.name
        is_enabled = test.config is None or test.config.enabled is not False
        is_guard = is_enabled and _guards_all_rows(test)
        if name in _UNIQUE_TESTS:
            columns = _unique_columns(column, kwargs.get("combination_of_columns"))
            if columns:
                (guards.unique if is_guard else guards.doubtful)[node].add(columns)
        elif name == "relationships" and isinstance(column, str) and is_enabled:
            _add_reference(guards, test, manifest, node, column)
        elif not is_guard:
            continue
        elif name == "accepted_values" and isinstance(column, str) and isinstance(kwargs.get("values"), list):
            guards.accepted_values[node][_plain(column)] = len(kwargs["values"])
        elif name == "not_null" and isinstance(column, str):
            guards.not_null[node].add(_plain(column))
    return guards


def _unique_columns(column: object, combination: object) -> tuple[str, ...]:
    """The columns that a test says are unique together, sorted; empty if it doesn't say which."""
    columns = combination if isinstance(combination, list) else [column]
    names = {_plain(name) for name in columns if isinstance(name, str)}
    return tuple(sorted(names)) if all(isinstance(name, str) for name in columns) else ()


def _plain(column: str) -> str:
    return column.strip('"`').lower()


def _guards_all_rows(test: Node) -> bool:
    config = test.config
    return config is None or (
        config.where is None
        and config.limit is None
        and (config.severity or "error").lower() == "error"
        and (config.error_if or "!=0").replace(" ", "") in _EVERY_ROW
    )


def _add_reference(guards: Guards, test: Node, manifest: Manifest, node: str, column: str) -> None:
    kwargs = (test.test_metadata and test.test_metadata.kwargs) or {}
    field_name, target = kwargs.get("field"), kwargs.get("to")
    if not isinstance(field_name, str) or not isinstance(target, str):
        return
    to = _referred_node(target, _dependencies(test), manifest)
    if to is not None:
        guards.references.append(
            Reference(test=test, node=node, column=_plain(column), to=to, to_column=_plain(field_name))
        )


def _dependencies(test: Node) -> Sequence[str]:
    return (test.depends_on.nodes if test.depends_on else None) or ()


def _tested_node(test: Node, manifest: Manifest) -> str | None:
    """The node that a test is attached to; older manifests say so only by the test's `model` argument."""
    if test.attached_node:
        return test.attached_node
    dependencies = _dependencies(test)
    if len(dependencies) == 1:
        return dependencies[0]
    model = ((test.test_metadata and test.test_metadata.kwargs) or {}).get("model")
    return _referred_node(model, dependencies, manifest) if isinstance(model, str) else None


def _referred_node(text: str, dependencies: Sequence[str], manifest: Manifest) -> str | None:
    """The node among the test's dependencies that a `ref('...')` in its arguments names."""
    match = _REF.search(text)
    if match is None:
        return None
    names = _QUOTED.findall(_VERSION.sub("", match["arguments"]))
    version = _VERSION.search(match["arguments"])
    if not names:
        return None
    for unique_id in dependencies:
        node = manifest.nodes.get(unique_id)
        if node is None or node.name != names[-1]:
            continue
        if len(names) > 1 and node.package_name != names[0]:
            continue
        if version is not None and str(node.version) != version[1]:
            continue
        return unique_id
    return None
