"""Results beyond the limit of one answer are reached by paging, by each API that has pages."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from floe_cube_infra.generation import Generated
from floe_cube_infra.render.files import CubeFiles
from tests.real.cube.clients import Cube, Serve, token
from tests.real.cube.variants import without_rollups

pytestmark = [pytest.mark.xdist_group("real cube"), pytest.mark.real]

ROWS = 20
# More rows than the default limit.
MANY = 12_345
NUMBERS = f"""
cubes:
  - name: numbers
    sql: SELECT 1 AS organization_id, n FROM generate_series(1, {MANY}) AS n
    dimensions:
      - {{name: n, sql: '{{CUBE}}.n', type: number, primary_key: true, public: true}}
      - {{name: organization_id, sql: '{{CUBE}}.organization_id', type: number}}
    access_policy:
      - group: '*'
        row_level:
          filters:
            - member: CUBE.organization_id
              operator: equals
              values: '{{ securityContext.filter_claims.organization_id }}'
"""
QUERY = {"dimensions": ["orders.order_id"], "order": [["orders.order_id", "asc"]]}


@pytest.fixture(scope="module")
def small(serve: Serve, generated: Generated) -> Iterator[Cube]:
    """Cube with small answers."""
    files = without_rollups(generated.files)
    settings = json.loads(files.configuration["settings.json"]) | {"rowLimit": ROWS}
    configuration = {**files.configuration, "settings.json": json.dumps(settings)}
    with serve(CubeFiles(configuration=configuration, model=files.model)) as cube:
        yield cube


@pytest.fixture(scope="module")
def large(serve: Serve, generated: Generated) -> Iterator[Cube]:
    """Cube with the default limit and a cube of many rows, beside those that are generated."""
    files = without_rollups(generated.files)
    rule = json.loads(files.model["model/cubes/addresses.access.json"])
    rule |= {"name": "numbers", "hidden": [], "joins": []}
    model = {
        **files.model,
        "model/cubes/numbers.yml": NUMBERS,
        "model/cubes/numbers.access.json": json.dumps(rule),
    }
    with serve(CubeFiles(configuration=files.configuration, model=model)) as cube:
        yield cube


def page(cube: Cube, offset: int, limit: int | None = ROWS) -> list[str]:
    size = {} if limit is None else {"limit": limit}
    answer = cube.load({**QUERY, **size, "offset": offset}, token(1))
    assert answer.status == 200, answer
    return [row["orders.order_id"] for row in answer.body["data"]]


def test_pages_together_are_all_rows_each_once(small: Cube, cube: Cube) -> None:
    whole = [row["orders.order_id"] for row in cube.load(QUERY, token(1)).body["data"]]
    pages: list[str] = []
    while found := page(small, len(pages)):
        pages += found

    assert len(whole) > 3 * ROWS
    assert pages == whole


def test_an_answer_without_a_limit_of_its_own_ends_at_the_stacks(small: Cube) -> None:
    assert len(page(small, 0, None)) == ROWS


def test_more_at_once_is_refused_with_the_way_out(small: Cube) -> None:
    answer = small.load({**QUERY, "limit": ROWS + 1}, token(1))

    assert answer.status == 400
    assert answer.error == f"An answer has at most {ROWS} rows; ask for more by pages, with limit and offset."


def test_graphql_has_the_same_pages(small: Cube) -> None:
    def rows(offset: int) -> list[object]:
        document = (
            f"{{ cube(limit: {ROWS}, offset: {offset}) {{ orders(orderBy: {{order_id: asc}}) {{ order_id }} }} }}"
        )
        answer = small.graphql(document, token(1))
        assert "errors" not in answer.body, answer
        return [str(row["orders"]["order_id"]) for row in answer.body["data"]["cube"]]

    assert rows(0) + rows(ROWS) == [str(one) for one in page(small, 0) + page(small, ROWS)]


def test_more_than_ten_thousand_rows_are_reached_by_pages_of_the_default_size(large: Cube) -> None:
    query = {"dimensions": ["numbers.n"], "order": [["numbers.n", "asc"]]}
    sizes, seen = [], set[int]()
    while not sizes or sizes[-1] == 10_000:
        answer = large.load({**query, "offset": len(seen)}, token(1))
        rows = [int(row["numbers.n"]) for row in answer.body["data"]]
        sizes.append(len(rows))
        seen.update(rows)

    assert sizes == [10_000, MANY - 10_000]
    assert seen == set(range(1, MANY + 1))
    assert large.load(query, token(2)).body["data"] == []
