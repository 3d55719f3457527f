"""What row-level security costs, and how much slower a hundred clients are served than one: ratios of one run.

    python -m benchmarks.serving [--seconds 30] [--requests 1000] [--more-cubes 300]

Real Cube over the sample shop in a real PostgreSQL, both on this machine together with the clients, on REST and
GraphQL in turn. Four servers are asked, request by request in turn, so that what else this machine does hits all
alike: Cube alone, with nothing of ours but the YAML; Cube alone with the access policies in it, which is what filters
by Cube's own means; ours with its three layers of row filters switched off; and ours. What is added is the median of
the differences within each turn. More cubes make the model larger; nobody asks for them. Where Cube's native addon
can't be had, the stand-in of the tests takes its place, and that is said.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median, quantiles

from floe_cube_infra.generation import Generated, generate
from floe_cube_infra.inputs.settings import parse
from floe_cube_infra.render.files import CubeFiles
from tests.real.cube.clients import SECRET, Cube
from tests.real.cube.load import ORGANIZATIONS, Load, ask_in_turn, run_load, tokens_of
from tests.real.cube.mounts import mount_cube
from tests.real.cube.server import has_real_addon, run_cube
from tests.real.cube.variants import with_layers, with_more_cubes, without_policies, without_rollups
from tools.clone import Clone
from tools.postgres import Postgres, find_postgres, run_postgres
from tools.shop_database import CUBE_USER, DATABASE, SHOP, load_shop

CLIENTS = 100
ALONE, POLICIES = "Cube alone", "Cube's access policies"
OPEN, OURS = "ours, no row filters", "ours"
SETTINGS = {
    "artifacts": "compiled_artifacts.json",
    "environment": "dev",
    "models": {"include": ["access:public"]},
    "api": {"sqlApi": "shared"},
}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=30, help="how long a hundred clients ask each server")
    parser.add_argument("--requests", type=int, default=1000, help="of one client to each server, by either API")
    parser.add_argument("--more-cubes", type=int, default=0)
    options = parser.parse_args()
    generated = generate(parse(SETTINGS, "the benchmark"), SHOP)
    assert generated is not None
    files = with_more_cubes(without_rollups(generated.files), options.more_cubes)
    print(f"Cube's native addon: {'its own' if has_real_addon() else 'a stand-in (no SQL API, planner in JavaScript)'}")
    password = secrets.token_urlsafe(24)
    with ExitStack() as stack:
        postgres = stack.enter_context(run_postgres(find_postgres(Clone.here())))
        load_shop(postgres, password)
        variables = shop_variables(generated, postgres, password)
        cubes = {
            ALONE: stack.enter_context(_serving_alone(without_policies(files), variables)),
            POLICIES: stack.enter_context(_serving_alone(files, variables)),
            OPEN: stack.enter_context(serving(with_layers(files, frozenset()), variables)),
            OURS: stack.enter_context(serving(files, variables)),
        }
        # Cube's own policies find the claims where ours has put them.
        tokens = {each: _token_for_all(each) for each in ORGANIZATIONS}
        for cube in cubes.values():
            run_load(cube, 3, 1, tokens)
        one = ask_in_turn(cubes, options.requests, tokens)
        many = _load_in_turn({name: cubes[name] for name in (OPEN, OURS)}, options.seconds, tokens)
    _print_one(options.requests, len(files.model) // 2, one)
    _print_many(options.seconds, one, many)
    if wrong := [*one[OURS].wrong, *many[OURS].wrong, *one[POLICIES].wrong]:
        sys.exit(f"wrong answers: {wrong[:3]}")


def _load_in_turn(cubes: Mapping[str, Cube], seconds: int, tokens: Mapping[int, str]) -> dict[str, Load]:
    loads = {name: Load() for name in cubes}
    for second in range(seconds):
        # Nobody is always the first.
        for name in sorted(cubes, reverse=bool(second % 2)):
            loads[name].add(run_load(cubes[name], CLIENTS, 1, tokens))
    return loads


def _token_for_all(organization: int) -> str:
    claims = {"filter_claims": {"organization_id": [str(organization)]}}
    return tokens_of([organization], **claims)[organization]


@contextmanager
def serving(files: CubeFiles, variables: dict[str, str]) -> Iterator[Cube]:
    """Real Cube with some files while the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        configuration, model = mount_cube(Path(folder) / "mounts", files)
        with run_cube(configuration, model, variables) as server, closing(Cube(server)) as cube:
            yield cube


@contextmanager
def _serving_alone(files: CubeFiles, variables: dict[str, str]) -> Iterator[Cube]:
    """Real Cube with the YAML of some files and no cube.js, as its documentation says, while the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "conf" / "model"
        model.mkdir(parents=True)
        for path, text in files.model.items():
            if path.endswith(".yml"):
                (model / Path(path).name).write_text(text, encoding="utf-8")
        with run_cube(model.parent, model, variables) as server, closing(Cube(server)) as cube:
            yield cube


def shop_variables(generated: Generated, postgres: Postgres, password: str) -> dict[str, str]:
    """Cube's variables over the sample shop."""
    plain = {name: value for name, value in generated.environment.items() if isinstance(value, str)}
    database = {"HOST": "127.0.0.1", "PORT": str(postgres.port), "NAME": DATABASE, "USER": CUBE_USER, "PASS": password}
    return {**plain, **{f"CUBEJS_DB_{name}": value for name, value in database.items()}, "CUBEJS_API_SECRET": SECRET}


def _milliseconds(load: Load) -> tuple[float, float, float]:
    """The median, the 99th percentile and the longest."""
    return load.median * 1000, quantiles(load.seconds, n=100)[98] * 1000, max(load.seconds) * 1000


def _print_one(requests: int, cubes: int, loads: Mapping[str, Load]) -> None:
    print(f"one client, {requests} requests by REST and as many by GraphQL to each, in turn; {cubes} cubes and views:")
    print(f"  {'ms':24}  median    99 %     max   median added to it by row filters")
    for name, base in ((ALONE, None), (POLICIES, ALONE), (OPEN, None), (OURS, OPEN)):
        line = f"  {name:24}" + "".join(f"{each:8.2f}" for each in _milliseconds(loads[name]))
        print(line if base is None else f"{line}   {_added(loads[name], loads[base])}")
    print(f"  ours, to Cube alone: {_added(loads[OURS], loads[ALONE])}")
    print("  (to reach: less than 1 ms more at the median, and never 100 ms)")


def _added(load: Load, base: Load) -> str:
    """What was added in each turn, and the ratio of the medians."""
    added = median(more - less for more, less in zip(load.seconds, base.seconds, strict=True))
    return f"{added * 1000:+.2f} ms ({load.median / base.median:.2f})"


def _print_many(seconds: int, one: Mapping[str, Load], many: Mapping[str, Load]) -> None:
    print(f"{CLIENTS} clients of {len(ORGANIZATIONS)} organizations for {seconds} s, REST and GraphQL in turn:")
    print(f"  answers: {len(many[OURS].seconds)}; errors or rows of others: {len(many[OURS].wrong)}")
    for name in (OPEN, OURS):
        print(f"  {name:24} the median to that of one client: {many[name].median / one[name].median:.1f}")
    rate = len(many[OURS].seconds) / len(many[OPEN].seconds)
    print(f"  answers with row filters to those without, in the same time: {rate:.2f}")


if __name__ == "__main__":
    main()
