"""What is looked at, and what comes of it; what stands in for Cube answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from floe_cube_infra.landing.checks import Outcome, look
from floe_cube_infra.landing.client import CubeClient
from floe_cube_infra.landing.target import Target
from tests.landing.conftest import MODEL, TOKEN, StandIn, Told, told


def looked(cube: StandIn, asked: str | None = None, **changes: object) -> dict[str, Outcome]:
    api = f"{cube.url}/cubejs-api"
    known = {"api": api, "model_version": MODEL, "health": f"{cube.url}/readyz", "has_sql": True, **changes}
    found = look(Target(**known), CubeClient(api, TOKEN, seconds=5), None, asked)  # type: ignore[arg-type]
    return {each.name: each for each in found}


def states(found: dict[str, Outcome]) -> dict[str, str]:
    return {name: each.state for name, each in found.items()}


def test_what_has_landed_answers_in_each_api_the_same_cheap_question(cube: StandIn) -> None:
    assert states(looked(cube)) == {
        "/readyz": "passed",
        "model": "passed",
        "REST": "passed",
        "GraphQL": "passed",
        "SQL over HTTP": "passed",
        "SQL over Postgres": "left out",
    }
    bodies = [body for _, _, body in cube.asked]
    assert bodies == [
        None,
        None,
        {"query": {"measures": ["orders.count"], "limit": 1}},
        {"query": "{ cube(limit: 1) { orders { count } } }"},
        {"query": 'SELECT MEASURE("count") FROM "orders" LIMIT 1'},
    ]


def test_a_member_may_be_named(cube: StandIn) -> None:
    looked(cube, "Tags.name")
    assert cube.asked[2][2] == {"query": {"measures": ["Tags.name"], "limit": 1}}
    assert cube.asked[3][2] == {"query": "{ cube(limit: 1) { tags { name } } }"}
    looked(cube, "tags.name")
    assert cube.asked[7][2] == {"query": {"dimensions": ["tags.name"], "limit": 1}}
    assert cube.asked[9][2] == {"query": 'SELECT "name" FROM "tags" LIMIT 1'}


def test_probes_are_asked_without_the_token_and_the_api_with_it(cube: StandIn) -> None:
    cube.answers["/ready"] = Told(200, {"ready": True})
    looked(cube, pod=f"{cube.url}/ready")
    told_to = {path: headers.get("Authorization") for path, headers, _ in cube.asked}
    assert {path for path, header in told_to.items() if header is None} == {"/readyz", "/ready"}
    assert {header for header in told_to.values() if header} == {f"Bearer {TOKEN}"}


def test_another_model_fails_and_nothing_else_is_asked(cube: StandIn) -> None:
    cube.answers["/cubejs-api/v1/meta"] = told(version="0123456789")
    found = looked(cube)
    assert states(found) == {"/readyz": "passed", "model": "failed"}
    assert found["model"].detail == f"0123456789 answers, and {MODEL} is expected"
    assert not found["model"].is_final


def test_a_pod_with_the_model_of_before_is_found_behind_the_same_address(cube: StandIn) -> None:
    cube.answers["/cubejs-api/graphql"] = told(version="0123456789")
    found = looked(cube)
    assert (found["GraphQL"].state, found["REST"].state) == ("failed", "passed")


def test_a_cube_that_tells_no_model_is_not_taken_for_the_expected_one(cube: StandIn) -> None:
    cube.answers["/cubejs-api/v1/meta"] = Told(200, {"cubes": []})
    assert "doesn't tell its model" in looked(cube)["model"].detail


@pytest.mark.parametrize(
    ("path", "answer", "name", "detail"),
    [
        ("/readyz", Told(500, {"health": "DOWN"}), "/readyz", "status 500"),
        (
            "/cubejs-api/v1/load",
            told(500, {"error": "The query could not"}),
            "REST",
            "orders.count: The query could not",
        ),
        ("/cubejs-api/v1/load", told(200, {}), "REST", "orders.count: the answer holds no rows"),
        ("/cubejs-api/graphql", told(200, {"errors": [{"message": "Boom"}]}), "GraphQL", "orders.count: Boom"),
        ("/cubejs-api/graphql", told(200, "<html>"), "GraphQL", "orders.count: the answer holds no rows"),
        ("/cubejs-api/v1/cubesql", told(200, '{"schema":[]}\n{"error":"Boom"}'), "SQL over HTTP", "orders.count: Boom"),
        ("/cubejs-api/v1/cubesql", told(302, "", Location="/x"), "SQL over HTTP", "leads to another address"),
    ],
)
def test_one_that_fails_is_told_with_its_reason(cube: StandIn, path: str, answer: Told, name: str, detail: str) -> None:
    cube.answers[path] = answer
    found = looked(cube)
    assert [each.name for each in found.values() if each.state == "failed"] == [name]
    assert detail in found[name].detail


def test_what_a_token_may_not_ask_is_asked_of_another_cube(cube: StandIn) -> None:
    cube.answers["/cubejs-api/v1/load"] = [told(403, {"error": "Access to the requested data is refused."}), told()]
    assert looked(cube)["REST"] == Outcome(name="REST", state="passed", detail="stores.count")


def test_a_token_that_sees_no_cube_is_told_so(cube: StandIn) -> None:
    cube.answers["/cubejs-api/v1/meta"] = told(body={"cubes": []})
    found = looked(cube)["REST"]
    assert (found.state, found.is_final) == ("failed", True)


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_refused_is_not_waited_for(cube: StandIn, status: int) -> None:
    cube.answers["/cubejs-api/v1/meta"] = Told(status, {"error": f"Not with {TOKEN}."})
    found = looked(cube)["model"]
    assert (found.state, found.is_final, found.detail) == ("failed", True, "the token is refused: Not with [token].")


def test_an_api_that_the_settings_switch_off_is_left_out(cube: StandIn) -> None:
    cube.answers["/cubejs-api/v1/meta"] = told(403, {"error": "API scope is missing: meta"})
    cube.answers["/cubejs-api/graphql"] = told(403, {"error": "API scope is missing: graphql"})
    found = looked(cube, "orders.count", has_sql=False)
    assert states(found) == {
        "/readyz": "passed",
        "model": "passed",
        "REST": "passed",
        "GraphQL": "left out",
        "SQL over HTTP": "left out",
        "SQL over Postgres": "left out",
    }


def test_where_nobody_knows_of_sql_an_address_without_it_is_no_failure(cube: StandIn) -> None:
    del cube.answers["/cubejs-api/v1/cubesql"]
    assert looked(cube, has_sql=None)["SQL over HTTP"].state == "left out"
    assert looked(cube, has_sql=True)["SQL over HTTP"].state == "failed"


@pytest.mark.parametrize("answers", [Told(404, "default backend"), Told(200, {"health": "HEALTH"})])
def test_readyz_may_be_kept_inside(cube: StandIn, answers: Told) -> None:
    cube.answers["/readyz"] = answers
    assert looked(cube)["/readyz"].state == ("passed" if answers.status == 200 else "left out")
    assert looked(cube, health=None)["/readyz"].state == "left out"


def test_a_pod_says_itself_why_it_is_not_ready(cube: StandIn) -> None:
    cube.answers["/ready"] = Told(503, {"ready": False, "reason": "The model is being compiled."})
    found = looked(cube, pod=f"{cube.url}/ready")
    assert (found["/ready"].state, found["/ready"].detail) == ("failed", "The model is being compiled.")
    assert "model" not in found


def test_continue_wait_is_waited_for(cube: StandIn) -> None:
    cube.answers["/cubejs-api/v1/load"] = [told(200, {"error": "Continue wait"}), told()]
    assert looked(cube)["REST"].state == "passed"


def test_where_nothing_answers_it_is_a_failure_and_no_traceback() -> None:
    client = CubeClient("http://127.0.0.1:1/cubejs-api", TOKEN)
    [found] = look(Target(api="", model_version=MODEL, health="http://127.0.0.1:1/readyz"), client, None, None)
    assert (found.state, found.detail) == ("failed", "nothing answers there")


def test_the_token_follows_no_redirect_and_a_netrc_takes_no_part(
    cube: StandIn, new_cube: Callable[[], StandIn], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login eve password eve\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    other = new_cube()
    cube.answers["/cubejs-api/v1/meta"] = told(307, "", Location=f"{other.url}/cubejs-api/v1/meta")
    assert "another address" in looked(cube)["model"].detail
    assert other.asked == []
    assert cube.asked[-1][1]["Authorization"] == f"Bearer {TOKEN}"
    assert "Authorization" not in cube.asked[0][1]
