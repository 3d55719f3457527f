"""What rollups are worth: answers from them and from the source tables, and what it takes to build them, in one run.

    python -m benchmarks.preaggregations [--rows 5000000] [--each 3] [--index]

Real Cube over the sample shop with millions of orders of ten organizations in a real PostgreSQL, all on this machine.
Two servers are asked what dashboards ask, query by query in turn, each only once, so that no cache answers: one
whose rollups a refresh worker has built, and one without any. Their answers have to be equal. The least that any of
them takes is a query over a table of a few rows. The source tables are as dbt makes them; `--index` gives them an index
by organization and time, which suits these questions best and which most warehouses don't have. Cube Store's binary
can't be had here: rollups lie in PostgreSQL, too.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any, Final

from benchmarks.large_shop import MONTHS, ORGANIZATIONS, Query, dashboard_queries, grow
from benchmarks.serving import SETTINGS, serving, shop_variables
from floe_cube_infra.acceleration import CubeQuery, Explainer
from floe_cube_infra.generation import Generated, generate
from floe_cube_infra.inputs.settings import parse
from floe_cube_infra.model.cubes import SemanticModel
from floe_cube_infra.model.pre_aggregations import CubePreAggregation, RefreshKey
from tests.real.cube.clients import Cube
from tests.real.cube.comparing import bag
from tests.real.cube.load import tokens_of
from tests.real.cube.rolled_up import MORE, WORKER, files_of, with_more_rollups
from tests.real.cube.server import has_real_addon
from tools.clone import Clone
from tools.postgres import Postgres, find_postgres, run_postgres
from tools.shop_database import CUBE_USER, DATABASE, SHOP, load_shop

SOURCE, ROLLUPS, LEAST = "source tables", "rollups", "a small table"
SCHEMA: Final = "pre_aggregations"
REFRESHED: Final = "by_hour"
GOAL_SECONDS, GOAL_SHARE = 1.0, 0.95
_LEAST_QUERY: Final[Query] = {"measures": ["returns.count"]}
_BUILD: Final = "Executing Load Pre Aggregation SQL"
_QUIET_SECONDS: Final = 6.0
# Of the shop's rollups of orders: those that are parted by month, and the others.
_BY_MONTH, _WHOLE = 2, 3
_LONGEST_SECONDS: Final = 1800.0


@dataclass(frozen=True)
class Build:
    """What a refresh worker has built.

    Attributes:
        tables: How many tables.
        seconds: From the first one's start until the last one is there.
    """

    tables: int
    seconds: float


@dataclass
class Asked:
    """How long answers took, in seconds, and what was wrong with them."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in (SOURCE, ROLLUPS, LEAST)})
    wrong: list[str] = field(default_factory=list)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--each", type=int, default=3, help="by how many organizations each query is asked")
    parser.add_argument("--index", action="store_true", help="give orders an index by organization and time")
    options = parser.parse_args()
    generated = generate(parse(SETTINGS, "the benchmark"), SHOP)
    assert generated is not None
    model = with_more_rollups(generated.model)
    queries = dashboard_queries()
    _require_rollups(model, queries)
    print(f"Cube's native addon: {'its own' if has_real_addon() else 'a stand-in (no SQL API, planner in JavaScript)'}")
    print("Cube Store: can't be had here; rollups lie in PostgreSQL, beside the tables that they sum up")
    password = secrets.token_urlsafe(24)
    with run_postgres(find_postgres(Clone.here())) as postgres:
        load_shop(postgres, password)
        grow(postgres, options.rows, index=options.index)
        postgres.run(f"CREATE SCHEMA {SCHEMA} AUTHORIZATION {CUBE_USER}", database=DATABASE)
        run = Run(generated=generated, variables=shop_variables(generated, postgres, password), postgres=postgres)
        _print_data(options.rows, postgres, index=options.index)
        months, newest_months = _months(postgres)
        _print_build(run.build(model, months * _BY_MONTH + _WHOLE), options.rows, postgres)
        asked = _ask(queries, options.each, model, run)
        _print_asked(asked, len(queries))
        newest = run.build(_hour_later(model, 3599, incremental=True), newest_months)
        whole = run.build(_hour_later(model, 3598, incremental=False), months)
        _print_refresh(newest, whole)
    if asked.wrong:
        sys.exit(f"{len(asked.wrong)} wrong answers: {asked.wrong[:3]}")


def _require_rollups(model: SemanticModel, queries: Sequence[Query]) -> None:
    explainer = Explainer(model, ["UTC"])
    missed = [query for query in queries if explainer.explain(CubeQuery(**query)).served_by is None]
    if missed:
        sys.exit(f"no rollup answers {missed[:3]}")


def _hour_later(model: SemanticModel, seconds: int, *, incremental: bool) -> SemanticModel:
    """The model with `REFRESHED` alone, and another interval: as if the hour of its refresh key had turned."""
    key = RefreshKey(every=f"{seconds} second")
    if incremental:
        key = RefreshKey(every=key.every, incremental=True, update_window="7 day")
    return _with_rollups(
        model, [each.model_copy(update={"refresh_key": key}) for each in MORE if each.name == REFRESHED]
    )


def _with_rollups(model: SemanticModel, rollups: Sequence[CubePreAggregation]) -> SemanticModel:
    """The model with these rollups of orders and no others."""
    return model.model_copy(
        update={
            "cubes": tuple(
                cube.model_copy(update={"pre_aggregations": tuple(rollups) if cube.name == "orders" else ()})
                for cube in model.cubes
            )
        }
    )


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run has of its own."""

    generated: Generated
    variables: dict[str, str]
    postgres: Postgres

    def serving(self, model: SemanticModel, more: Mapping[str, str] | None = None) -> AbstractContextManager[Cube]:
        """Real Cube with a model while a block runs."""
        return serving(files_of(model, self.generated, SCHEMA), {**self.variables, **(more or {})})

    def build(self, model: SemanticModel, due: int) -> Build:
        """Lets a refresh worker build what it takes for due: so many tables at least, until none comes after them."""
        before = _tables(self.postgres)
        begun, ended, made = 0.0, 0.0, 0
        with self.serving(model, WORKER) as worker:
            started = time.monotonic()
            while made < due or time.monotonic() - ended < _QUIET_SECONDS:
                now = time.monotonic()
                begun = begun or (now if _BUILD in worker.server.log.read_text() else 0.0)
                # Those that are replaced may go before the last one is there, so what is new counts.
                if (new := len(_tables(self.postgres) - before)) > made:
                    made, ended = new, now
                if now - started > _LONGEST_SECONDS:
                    sys.exit(f"{made} tables instead of {due}: {worker.server.log.read_text()[-3000:]}")
                time.sleep(0.1)
        return Build(tables=made, seconds=ended - begun)


def _months(postgres: Postgres) -> tuple[int, int]:
    """How many months have orders, and how many of them are still open to late ones (`update_window`)."""
    told = postgres.run(
        "SELECT count(*), count(*) FILTER (WHERE month + interval '1 month 7 days' > now()) "
        "FROM (SELECT DISTINCT date_trunc('month', ordered_at) AS month FROM shop.orders) each",
        database=DATABASE,
    )
    months, still_open = map(int, told.split("|"))
    return months, still_open


def _tables(postgres: Postgres) -> set[str]:
    return set(
        postgres.run(f"SELECT tablename FROM pg_tables WHERE schemaname = '{SCHEMA}'", database=DATABASE).split()
    )


def _ask(queries: Sequence[Query], each: int, model: SemanticModel, run: Run) -> Asked:
    tokens, asked = tokens_of(ORGANIZATIONS), Asked()
    with ExitStack() as stack:
        cubes = {
            SOURCE: stack.enter_context(run.serving(_with_rollups(model, ()))),
            ROLLUPS: stack.enter_context(run.serving(model)),
        }
        for cube in cubes.values():
            # A pod takes requests once its model is compiled.
            _timed(cube, _LEAST_QUERY, tokens[ORGANIZATIONS[0]], [])
        for number, query in enumerate([query for _ in range(each) for query in queries]):
            organization = ORGANIZATIONS[(number + number // len(queries)) % len(ORGANIZATIONS)]
            # Nobody is always the first.
            names = sorted(cubes, reverse=bool(number % 2))
            answers = {name: _timed(cubes[name], query, tokens[organization], asked.seconds[name]) for name in names}
            wrong = _wrong(answers)
            if wrong:
                asked.wrong.append(f"organization {organization}, {query}: {wrong}")
            if number < len(queries):
                _timed(
                    cubes[ROLLUPS], {**_LEAST_QUERY, "limit": number + 1}, tokens[organization], asked.seconds[LEAST]
                )
    return asked


def _timed(cube: Cube, query: Query, bearer: str, seconds: list[float]) -> dict[str, Any]:
    begun = time.perf_counter()
    answer = cube.load(query, bearer)
    seconds.append(time.perf_counter() - begun)
    if answer.status != 200:
        sys.exit(f"{answer.status} {answer.error}: {query}")
    body: dict[str, Any] = answer.body
    return body


def _wrong(answers: Mapping[str, Mapping[str, Any]]) -> str:
    if answers[SOURCE].get("usedPreAggregations") or not answers[ROLLUPS].get("usedPreAggregations"):
        return "it isn't answered from what it should be"
    source, rollups = (answers[name]["data"] for name in (SOURCE, ROLLUPS))
    members = sorted(source[0]) if source else []
    return "" if source and bag(source, members) == bag(rollups, members) else f"{source[:2]} and {rollups[:2]}"


def _print_data(rows: int, postgres: Postgres, *, index: bool) -> None:
    most = int(
        postgres.run(
            "SELECT max(n) FROM (SELECT count(*) n FROM shop.orders GROUP BY organization_id) each", database=DATABASE
        )
    )
    print(
        f"{rows:,} orders of {len(ORGANIZATIONS)} organizations, the largest with {most / rows:.0%}, over {MONTHS} "
        f"months up to today, {'with an' if index else 'without an'} index by organization and time"
    )


def _print_build(build: Build, rows: int, postgres: Postgres) -> None:
    counted = " + ".join(f"(SELECT count(*) FROM {SCHEMA}.{name})" for name in sorted(_tables(postgres)))
    kept = int(postgres.run(f"SELECT {counted}", database=DATABASE))
    print(f"building all rollups: {build.seconds:.1f} s, {build.tables} tables with a row for {rows / kept:.0f} orders")


def _print_asked(asked: Asked, queries: int) -> None:
    count = len(asked.seconds[ROLLUPS])
    print(f"{queries} queries of dashboards, {count} times asked; equal answers: {count - len(asked.wrong)}:")
    print("  ms                     median    95 %     max   under 1 s")
    for name in (SOURCE, ROLLUPS, LEAST):
        seconds = asked.seconds[name]
        figures = (median(seconds), quantiles(seconds, n=20)[18], max(seconds))
        line = "".join(f"{each * 1000:8.0f}" for each in figures)
        print(f"  {name:21}{line}{sum(each < GOAL_SECONDS for each in seconds) / len(seconds):9.1%}")
    middle, high = (
        [of(asked.seconds[name]) for name in (SOURCE, ROLLUPS)]
        for of in (median, lambda seconds: quantiles(seconds, n=20)[18])
    )
    print(f"  source tables to rollups: {middle[0] / middle[1]:.0f} at the median, {high[0] / high[1]:.0f} at 95 %")
    print(f"  (to reach: {GOAL_SHARE:.0%} of those that rollups answer under {GOAL_SECONDS:.0f} s)")


def _print_refresh(newest: Build, whole: Build) -> None:
    print(
        f"{REFRESHED} when its hour turns: {newest.tables} of {whole.tables} partitions, {newest.seconds:.1f} s, to "
        f"{whole.seconds:.1f} s for all of them where it isn't incremental: {newest.seconds / whole.seconds:.2f}"
    )


if __name__ == "__main__":
    main()
