"""Each layer of row-level security alone, with the others switched off in a copy of the files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from floe_cube_infra.generation import Generated
from floe_cube_infra.render.files import CubeFiles
from tests.real.cube.clients import Cube, Serve, token
from tests.real.cube.survey import Asked, at_once, by_rest, require_right_answers, rotated, wrong_answers
from tests.real.cube.variants import with_layers, without_rollups

# Servers of their own for each layer: a minute that `make test-real` has.
pytestmark = [pytest.mark.xdist_group("real cube"), pytest.mark.real]


@pytest.fixture(scope="module", params=["policies", "rewrite"])
def one_layer(request: pytest.FixtureRequest, serve: Serve, generated: Generated) -> Iterator[Cube]:
    with serve(with_layers(without_rollups(generated.files), frozenset({request.param}))) as cube:
        yield cube


def test_each_filtering_layer_alone_shows_just_ones_own_rows(one_layer: Cube, asked: list[Asked]) -> None:
    require_right_answers(rotated(asked[::3]), by_rest(one_layer))


def test_each_filtering_layer_alone_shows_nothing_without_the_claim(one_layer: Cube, asked: list[Asked]) -> None:
    nobody = token(None)
    answers = at_once(lambda one: one_layer.load(one.question.query, nobody), asked[::3])
    assert {answer.status for answer in answers} <= {400, 403}
    assert not any("data" in answer.body for answer in answers)


def test_the_refusal_of_tokens_without_the_claim_works_alone(serve: Serve, generated: Generated) -> None:
    # The one cube that needs no other.
    model = {path: text for path, text in generated.files.model.items() if "/organizations." in path}
    files = CubeFiles(configuration=generated.files.configuration, model=model)
    query = {"dimensions": ["organizations.organization_name"]}
    with serve(with_layers(files, frozenset({"claims"}))) as cube:
        assert cube.load(query, token(None)).status == 403
        assert cube.meta(token(None)).status == 403
        answer = cube.load(query, token(1))
        assert answer.status == 200, answer
        assert len(answer.body["data"]) == 3


def test_with_all_layers_off_the_questions_do_find_rows_of_others(unguarded: Cube, asked: list[Asked]) -> None:
    some = rotated(asked[::10])
    assert len(wrong_answers(some, by_rest(unguarded))) > 0.8 * len(some)
