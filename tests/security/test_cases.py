"""The table of cases that the JavaScript is held to as well (tests/cube/token_cases.test.js)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.security.errors import RulesError, TokenError
from floe_cube_infra.security.explain import explain
from floe_cube_infra.security.rules import TokenRules, rules_from_settings
from floe_cube_infra.security.shared_secrets import shared_secrets
from floe_cube_infra.security.verify import verify
from tests.security.write_cases import FOLDER, written

FILES = {path.name: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
CASES = [(name, case) for name, table in FILES.items() for case in table["cases"]]


def rules_of(rule: dict[str, Any]) -> TokenRules:
    keys = [key for key in rule["keys"] if isinstance(key, dict)]
    uses_secrets = rule["jwt"]["jwksUri"] is None if isinstance(rule["jwt"], dict) else True
    secrets = shared_secrets(rule["environment"]) if uses_secrets else ()
    return rules_from_settings(rule, secrets, keys)


def answer_to(case: dict[str, Any], rule: dict[str, Any]) -> dict[str, Any]:
    try:
        rules = rules_of(rule)
    except RulesError:
        return {"status": "not started"}
    try:
        context = verify(case["token"], rules, case["now"] / 1000)
    except TokenError as error:
        return {"status": error.status, "answer": error.answer}
    return {"status": 200, "context": context.model_dump(mode="json")}


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{name} {case['name']}" for name, case in CASES])
def test_a_case_has_the_tables_answer(file: str, case: dict[str, Any]) -> None:
    assert answer_to(case, FILES[file]["rules"][case["rules"]]) == case["expected"]


def test_an_explanation_says_the_same_and_shows_neither_signature_nor_secret() -> None:
    for file, case in CASES:
        status = case["expected"]["status"]
        if status == "not started":
            continue
        rule = FILES[file]["rules"][case["rules"]]
        sentences = explain(case["token"], rules_of(rule), case["now"] / 1000)
        verdict = "It is taken: " if status == 200 else f"It is refused with {status}: "
        assert [sentence.startswith(("It is taken", "It is refused")) for sentence in sentences[:-1]].count(True) == 0
        assert sentences[-1].startswith(verdict), case["name"]
        text = "\n".join(sentences)
        assert all(sentence.isprintable() for sentence in sentences), case["name"]
        assert all(secret not in text for secret in rule["environment"].values() if secret.strip(" ,"))
        assert len(text) < 6000
        signature = case["token"].rpartition(".")[2]
        assert len(signature) < 10 or signature not in text


def test_the_table_is_what_its_script_writes() -> None:
    """When this fails on purpose: `python -m tests.security.write_cases`."""
    assert {path.name: path.read_text() for path in FOLDER.glob("*.json")} == written()


@pytest.mark.parametrize("file", FILES)
def test_every_rule_of_the_table_is_used_and_every_name_its_own(file: str) -> None:
    table = FILES[file]

    assert {case["rules"] for case in table["cases"]} == table["rules"].keys()
    assert [name for name, count in Counter(case["name"] for case in table["cases"]).items() if count > 1] == []


def test_the_table_has_hundreds_of_each_answer() -> None:
    counts = Counter(case["expected"]["status"] for _, case in CASES)

    assert sum(counts.values()) > 1000
    assert min(counts[status] for status in (200, 401, 403, "not started")) > 50
    assert Path(__file__).parent / "cases" == FOLDER
