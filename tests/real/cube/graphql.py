"""The same questions as GraphQL documents (what GraphQL can't ask is left out)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from tests.real.cube.clients import Answer, Cube
from tests.real.cube.questions import Query
from tests.real.cube.survey import TOKENS, Asked

_OPERATORS = {"equals": "in", "notEquals": "notIn", "gte": "gte"}


def document(query: Query, types: Mapping[str, str]) -> str | None:
    """The document for a query; None where GraphQL has no such question.

    Args:
        query: As REST takes it.
        types: The type of each member by `/meta`.
    """
    times = query.get("timeDimensions", [])
    if query.get("segments") or not (query.get("measures") or query.get("dimensions") or times):
        return None
    fields: dict[str, list[str]] = defaultdict(list)
    for member in [*query.get("measures", []), *query.get("dimensions", [])]:
        cube, name = member.split(".")
        fields[cube].append(f"{name} {{ value }}" if types[member] == "time" else name)
    filters = [*query.get("filters", [])]
    for time in times:
        cube, name = time["dimension"].split(".")
        if "granularity" in time:
            fields[cube].append(f"{name} {{ {time['granularity']} }}")
        if "dateRange" in time:
            filters.append({"member": time["dimension"], "operator": "inDateRange", "values": time["dateRange"]})
    conditions = [_where(each, types) for each in filters]
    # Cube takes a date range for that of a time dimension only where it stands alone.
    where = conditions[0] if len(conditions) == 1 else f"{{ AND: [{', '.join(conditions)}] }}"
    arguments = [f"where: {where}"] if conditions else []
    arguments += ["ungrouped: true"] if query.get("ungrouped") else []
    head = f"cube({', '.join(arguments)})" if arguments else "cube"
    body = " ".join(f"{cube} {{ {' '.join(names)} }}" for cube, names in fields.items())
    return f"{{ {head} {{ {body} }} }}"


def _where(condition: Mapping[str, Any], types: Mapping[str, str]) -> str:
    for key in ("or", "and"):
        if key in condition:
            return f"{{ {key.upper()}: [{', '.join(_where(each, types) for each in condition[key])}] }}"
    cube, name = condition["member"].split(".")
    operator = condition["operator"]
    if operator in ("set", "notSet"):
        test = f"set: {'true' if operator == 'set' else 'false'}"
    elif operator == "inDateRange":
        test = f"inDateRange: {json.dumps(condition['values'])}"
    else:
        values = [float(value) if types[condition["member"]] == "number" else value for value in condition["values"]]
        test = f"{_OPERATORS[operator]}: {json.dumps(values[0] if operator == 'gte' else values)}"
    return f"{{ {cube}: {{ {name}: {{ {test} }} }} }}"


def by_graphql(cube: Cube, asked: Asked, organization: int, text: str) -> Sequence[Mapping[str, Any]] | Answer:
    """The rows of an answer, in the form of REST's."""
    answer = cube.graphql(text, TOKENS[organization])
    if "errors" in answer.body or answer.status != 200:
        return Answer(answer.status, {"error": json.dumps(answer.body.get("errors", answer.body))})
    return [_flat(row) for row in answer.body["data"]["cube"]]


def _flat(row: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for cube, members in row.items():
        for name, value in members.items():
            if isinstance(value, dict):
                for granularity, time in value.items():
                    suffix = "" if granularity == "value" else f".{granularity}"
                    flat[f"{cube}.{name}{suffix}"] = time
            else:
                flat[f"{cube}.{name}"] = value
    return flat
