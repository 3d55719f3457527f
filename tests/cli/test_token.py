from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jwt import decode

from floe_cube_infra.cli.token_rules import default_document
from tests.security.table.case import rules as table_rules
from tests.security.table.signing import jwk_of, rsa_key, token_of

COMMAND = Path(sys.executable).with_name("floe-cube")
SECRET, OTHER = "not-a-secret-hunter2-" * 4, "not-another-secret-" * 4
Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUBEJS_API_SECRETS", raising=False)
    monkeypatch.setenv("CUBEJS_API_SECRET", SECRET)


def stack_file(project: Any, environment: str, **security: object) -> Path:
    project.write_artifacts({"security": {"row_level": True, "filter_column": "tenant", **security}})
    path: Path = project.folder / f"Pulumi.{environment}.yaml"
    path.write_text(
        f"config:\n  floe-cube-infra:environment: {environment}\n  floe-cube-infra:artifacts: {project.artifacts}\n"
    )
    return path


def payload_of(answer: Any, key: str = SECRET) -> dict[str, Any]:
    """The claims as an independent reader sees them."""
    assert (answer.code, answer.out.count("\n")) == (0, 1), answer.err
    return decode(answer.out.strip(), key, algorithms=["HS256"])


def test_the_token_alone_is_on_standard_output_and_what_it_means_on_standard_error(run: Run) -> None:
    answer = run(
        *("token", "--claim", "organization_id=1", "--claim", "region=eu,us", "--role", "analyst", "--role", "admin"),
        *("--user", "alice", "--ttl", "90m"),
    )

    payload = payload_of(answer)
    assert payload["u"] == {"organization_id": "1", "region": ["eu", "us"], "roles": ["analyst", "admin"]}
    assert (payload["sub"], payload["exp"] - payload["iat"]) == ("alice", 5400)
    assert answer.err.splitlines()[-1] == (
        'It is taken: "alice" sees the rows of organization_id "1" and of region "eu" or "us" only, '
        'with the roles "analyst", "admin".'
    )
    assert "hunter2" not in answer.err
    assert answer.out.strip().rpartition(".")[2] not in answer.err


@pytest.mark.parametrize(
    ("given", "claims"),
    [
        (["a=1", "a=2"], {"a": ["1", "2"]}),
        (["a=1", "b=x=y"], {"a": "1", "b": "x=y"}),
        (['a=["x,y"]'], {"a": ["x,y"]}),
        (['a=["x"]', "a=y,z"], {"a": ["x", "y", "z"]}),
        (["a= x "], {"a": " x "}),
    ],
)
def test_claims_are_texts_or_lists_of_them(run: Run, given: list[str], claims: dict[str, object]) -> None:
    answer = run("token", *(part for one in given for part in ("--claim", one)))

    assert payload_of(answer)["u"] == claims


@pytest.mark.parametrize(("ttl", "seconds"), [("90s", 90), ("1h", 3600), ("30d", 30 * 86400)])
def test_the_time_is_given_in_seconds_minutes_hours_or_days(run: Run, ttl: str, seconds: int) -> None:
    payload = payload_of(run("token", "--claim", "a=1", "--ttl", ttl))

    assert payload["exp"] - payload["iat"] == seconds


def test_the_secret_comes_from_a_variable_or_a_file(run: Run, monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.delenv("CUBEJS_API_SECRET")
    monkeypatch.setenv("MY_SECRET", OTHER)
    file = tmp_path / "secret"
    file.write_text(f"{OTHER}\n")

    payload_of(run("token", "--claim", "a=1", "--secret-env", "MY_SECRET"), OTHER)
    payload_of(run("token", "--claim", "a=1", "--secret-file", file), OTHER)
    monkeypatch.setenv("CUBEJS_API_SECRETS", f" {OTHER} , {SECRET}")
    payload_of(run("token", "--claim", "a=1"), OTHER)
    payload_of(run("token", "--claim", "a=1", "--secret-env", "CUBEJS_API_SECRETS"), OTHER)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--secret-env", "NOT_SET"], "--secret-env is not set (NOT_SET)"),
        (["--secret-env", "EMPTY"], "--secret-env is not set (EMPTY)"),
        (["--secret-env", "CUBEJS_API_SECRETS"], "CUBEJS_API_SECRETS is not set"),
        (["--secret-file", "missing"], "The file with the secret missing can't be read: No such file or directory."),
        (["--secret-file", "empty"], "empty is empty"),
        (["--secret-file", "binary"], "The file with the secret binary can't be read: it is not UTF-8 text."),
        (["--secret-env", "SHORT"], "a secret has 7 bytes; HS256 need 32 or more"),
        (["--secret-env", "BYTES"], "a secret is not UTF-8 text"),
        (["--user", "undefined"], "its user (sub) is the text 'undefined'"),
        (["--ttl", "31d"], "up to 30 days"),
        (["--role", " "], "u.roles has something in it that is no name"),
    ],
)
def test_what_cant_be_minted_is_said_and_no_secret_is_repeated(
    run: Run, monkeypatch: Any, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    for name, value in {"EMPTY": "", "SHORT": "hunter2", "BYTES": os.fsdecode(b"hunter2\xff" * 9)}.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"hunter2\xff" * 9)

    answer = run("token", "--claim", "organization_id=1", *arguments)

    assert (answer.code, answer.out) == (1, "")
    assert sentence in answer.err
    assert "hunter2" not in answer.err


def test_without_any_secret_both_places_of_cube_are_named(run: Run, monkeypatch: Any) -> None:
    monkeypatch.delenv("CUBEJS_API_SECRET")

    answer = run("token", "--claim", "a=1")

    assert (answer.code, answer.out) == (1, "")
    assert "neither CUBEJS_API_SECRETS nor CUBEJS_API_SECRET is set" in answer.err


def test_without_a_stack_and_without_claims_the_default_claim_is_missed(run: Run) -> None:
    answer = run("token", "--user", "alice")

    assert (answer.code, answer.out) == (1, "")
    assert "refused with 403: it lacks u.organization_id" in answer.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--claim", "organization_id"], "name=value"),
        (["--claim", "organization_id="], "name=value"),
        (["--claim", "=1"], "name=value"),
        (["--claim", "a b=1"], "name=value"),
        (["--claim", "a=1,,2"], "empty value"),
        (["--claim", "a=[1"], "JSON list"),
        (["--claim", "a=[]"], "JSON list"),
        (["--claim", "a=[1]"], "JSON list"),
        (["--claim", "a=" + "[" * 5000], "JSON list"),
        (["--claim", "roles=admin"], "--role"),
        (["--claim", "a=1", "--ttl", "1"], "--ttl"),
        (["--claim", "a=1", "--ttl", "0h"], "--ttl"),
        (["--claim", "a=1", "--ttl", "1h30m"], "--ttl"),
        (["--claim", "a=1", "--ttl", "\u0661h"], "--ttl"),
        (["--claim", "a=1", "--secret-env", "A", "--secret-file", "b"], "either"),
        (["--claim", "a=1", "--rules", "settings.json"], "--explain"),
        (["--claim", "a=1", "--key-set", "keys.json"], "--explain"),
        (["--explain", "x", "--claim", "a=1"], "--explain"),
        (["--explain", "x", "--role", "a"], "--explain"),
        (["--secret", "hunter2"], "--secret"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_sentence(run: Run, arguments: list[str], sentence: str) -> None:
    answer = run("token", *arguments)

    assert (answer.code, answer.out) == (2, "")
    assert sentence in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("environment", ["local", "dev"])
def test_a_stack_says_which_claims_it_demands(run: Run, project: Any, environment: str) -> None:
    stack = stack_file(project, environment)

    assert payload_of(run("token", "-s", stack, "--claim", "tenant=acme"))["u"] == {"tenant": "acme"}
    refused = run("token", "-s", stack, "--claim", "organization_id=acme")
    assert (refused.code, refused.out) == (1, "")
    assert "it lacks u.tenant" in refused.err


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_a_guarded_stack_takes_yes_and_can_be_explained_without(run: Run, project: Any, environment: str) -> None:
    stack = stack_file(project, environment)

    refused = run("token", "-s", stack, "--claim", "tenant=acme")
    assert (refused.code, refused.out) == (1, "")
    assert f"a stack of the environment {environment}" in refused.err
    assert "--yes" in refused.err

    minted = run("token", "-s", stack, "--claim", "tenant=acme", "--yes")
    assert payload_of(minted)["u"] == {"tenant": "acme"}
    assert run("token", "-s", stack, "--explain", minted.out.strip()).code == 0


def test_a_stack_without_row_level_security_demands_nothing(run: Run, project: Any) -> None:
    minted = run("token", "-s", stack_file(project, "dev", row_level=False))

    assert "u" in payload_of(minted)
    assert "sees all rows" in minted.err


def test_an_explained_token_ends_with_0_if_it_is_taken_and_with_1_if_not(run: Run) -> None:
    token = run("token", "--claim", "organization_id=1").out.strip()

    taken = run("token", "--explain", token)
    assert (taken.code, taken.err) == (0, "")
    assert taken.out.splitlines()[-1].startswith("It is taken: ")
    for given, reason in (
        (token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), "401"),
        (run("token", "--claim", "tenant=1").out.strip(), "403: it lacks u.organization_id"),
        ("", "401: it is not three parts"),
        ("\udcff", "401: it is not three parts"),
    ):
        refused = run("token", "--explain", given)
        assert (refused.code, refused.err) == (1, "")
        assert f"It is refused with {reason}" in refused.out


@pytest.mark.parametrize("form", ["{}", " {}\r\n", "Bearer {}", "bearer  {}\n"])
def test_a_token_comes_from_standard_input_too_as_headers_have_it(run: Run, monkeypatch: Any, form: str) -> None:
    token = run("token", "--claim", "organization_id=1").out.strip()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(form.format(token).encode())))

    assert run("token", "--explain", "-").code == 0


def test_bytes_that_are_no_text_are_a_refusal(run: Run, monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\x00.\xfe.")))

    assert run("token", "--explain", "-").code == 1


def test_the_rules_can_be_those_of_a_generated_folder(run: Run, project: Any) -> None:
    project.write_artifacts({"security": {"filter_column": "tenant"}})
    assert run("generate", "-a", project.artifacts, "-o", project.out).code == 0
    token = run("token", "--claim", "tenant=1").out.strip()

    assert run("token", "--explain", token, "--rules", project.out / "settings.json").code == 0
    assert run("token", "--explain", token).code == 1


def test_tokens_of_an_identity_provider_are_explained_with_its_keys(run: Run, tmp_path: Path) -> None:
    key = rsa_key("one")
    rules, keys = tmp_path / "settings.json", tmp_path / "keys.json"
    rules.write_text(json.dumps(table_rules({"algorithms": ["RS256"]}, keys=[])))
    keys.write_text(json.dumps({"keys": [None, jwk_of(key, kid="one")]}))
    claims = {"sub": "ada", "exp": 4_000_000_000, "u": {"organization_id": "1"}}
    token = token_of({"alg": "RS256", "kid": "one"}, claims, key, "RS256")

    taken = run("token", "--explain", token, "--rules", rules, "--key-set", keys)
    assert taken.code == 0, taken
    without = run("token", "--explain", token, "--rules", rules)
    assert (without.code, without.out) == (1, "")
    assert "give them with --key-set" in without.err


@pytest.mark.parametrize(
    ("rules", "keys", "sentence"),
    [
        (None, None, "can't be read: No such file"),
        ("{", None, "is not JSON"),
        ("[" * 100_000, None, "is not JSON"),
        ("[]", None, "is not a JSON object"),
        ("{}", None, "must be an object with exactly these keys"),
        ('{"jwt": {"algorithms": [[]]}}', None, "must be an object with exactly these keys"),
        (json.dumps(table_rules()), '{"keys": []}', "of no use here"),
        (json.dumps(table_rules({"algorithms": ["RS256"]}, keys=[])), "{}", "has no list `keys`"),
        (json.dumps(table_rules({"algorithms": ["RS256", "HS256"]}, keys=[])), '{"keys": []}', "allowed are some of"),
    ],
)
def test_wrong_rules_are_said(run: Run, tmp_path: Path, rules: str | None, keys: str | None, sentence: str) -> None:
    arguments: list[object] = ["token", "--explain", "x", "--rules", tmp_path / "settings.json"]
    if rules is not None:
        (tmp_path / "settings.json").write_text(rules)
    if keys is not None:
        (tmp_path / "keys.json").write_text(keys)
        arguments += ["--key-set", tmp_path / "keys.json"]

    answer = run(*arguments)

    assert (answer.code, answer.out) == (1, "")
    assert sentence in answer.err


def test_the_defaults_are_what_a_stack_that_sets_nothing_generates(project: Any, run: Run) -> None:
    assert run("generate", "-a", project.artifacts, "-o", project.out).code == 0
    generated = json.loads((project.out / "settings.json").read_text())
    assert {name: default_document()[name] for name in ("jwt", "rowLevelSecurity")} == {
        "jwt": generated["jwt"],
        # Of what type claims are only a model says.
        "rowLevelSecurity": {**generated["rowLevelSecurity"], "claimTypes": {}},
    }


def test_as_a_process_the_token_goes_down_a_pipe_and_foreign_letters_past_an_ascii_terminal(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "CUBEJS_API_SECRET": SECRET, "PYTHONIOENCODING": "ascii"}

    def floe_cube(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *arguments],
            env=environment,
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    minted = floe_cube("token", "--claim", "organization_id=1", "--user", "Zo\u00eb")
    explained = floe_cube("token", "--explain", "-", stdin=minted.stdout)

    assert (minted.returncode, explained.returncode) == (0, 0), minted.stderr + explained.stderr
    assert minted.stdout.count("\n") == 1
    assert 'User (sub): "Zo\\xeb".' in explained.stdout


def test_other_commands_start_without_cryptography() -> None:
    program = (
        "import sys, floe_cube_infra.cli; print([name for name in sys.modules if name in ('jwt', 'cryptography')])"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_claims_are_numbers_where_the_stacks_columns_are(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])

    payload = payload_of(run("token", "-s", "stacks/Pulumi.local.yaml", "--claim", "organization_id=1,3"))

    assert payload["u"] == {"organization_id": [1, 3]}
