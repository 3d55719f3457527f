"""How much slower a hundred clients are served than one, and what row-level security costs: ratios of one run.

    python -m benchmarks.serving [SECONDS]

Real Cube over the sample shop in a real PostgreSQL, both on this machine together with the clients, on REST and GraphQL
in turn. Where Cube's native addon can't be had, the stand-in of the tests takes its place, and that is said.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from floe_cube_infra.generation import Generated, generate
from floe_cube_infra.inputs.settings import parse
from floe_cube_infra.render.files import CubeFiles
from tests.real.cube.clients import SECRET, Cube
from tests.real.cube.load import Load, run_load, tokens_of
from tests.real.cube.mounts import mount_cube
from tests.real.cube.server import has_real_addon, run_cube
from tests.real.cube.variants import with_layers, without_rollups
from tools.clone import Clone
from tools.postgres import Postgres, find_postgres, run_postgres
from tools.shop_database import CUBE_USER, DATABASE, SHOP, load_shop

CLIENTS = 100
SECONDS = 30.0
SETTINGS = {
    "artifacts": "compiled_artifacts.json",
    "environment": "dev",
    "models": {"include": ["access:public"]},
    "api": {"sqlApi": "shared"},
}


def main() -> None:
    """Measures and prints."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    generated = generate(parse(SETTINGS, "the benchmark"), SHOP)
    assert generated is not None
    secured = without_rollups(generated.files)
    print(f"Cube's native addon: {'its own' if has_real_addon() else 'a stand-in (no SQL API, planner in JavaScript)'}")
    password = secrets.token_urlsafe(24)
    with run_postgres(find_postgres(Clone.here())) as postgres:
        load_shop(postgres, password)
        variables = shop_variables(generated, postgres, password)
        one, many = _measure(secured, variables, seconds)
        open_one, open_many = _measure(with_layers(secured, frozenset()), variables, seconds)
    _print(seconds, one, many, open_one, open_many)
    if one.wrong or many.wrong:
        sys.exit(f"wrong answers: {[*one.wrong, *many.wrong][:3]}")


def _measure(files: CubeFiles, variables: dict[str, str], seconds: float) -> tuple[Load, Load]:
    """One client and many, after a first round that compiles and plans."""
    with serving(files, variables) as cube:
        tokens = tokens_of()
        run_load(cube, 3, 0, tokens)
        return run_load(cube, 1, seconds / 3, tokens), run_load(cube, CLIENTS, seconds, tokens)


@contextmanager
def serving(files: CubeFiles, variables: dict[str, str]) -> Iterator[Cube]:
    """Real Cube with some files while the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        configuration, model = mount_cube(Path(folder) / "mounts", files)
        with run_cube(configuration, model, variables) as server, closing(Cube(server)) as cube:
            yield cube


def shop_variables(generated: Generated, postgres: Postgres, password: str) -> dict[str, str]:
    """Cube's variables over the sample shop."""
    plain = {name: value for name, value in generated.environment.items() if isinstance(value, str)}
    database = {"HOST": "127.0.0.1", "PORT": str(postgres.port), "NAME": DATABASE, "USER": CUBE_USER, "PASS": password}
    return {**plain, **{f"CUBEJS_DB_{name}": value for name, value in database.items()}, "CUBEJS_API_SECRET": SECRET}


def _print(seconds: float, one: Load, many: Load, open_one: Load, open_many: Load) -> None:
    print(f"{CLIENTS} clients of 3 organizations for {seconds:g} s, REST and GraphQL in turn:")
    print(f"  answers: {len(many.seconds)}; errors or rows of others: {len(many.wrong)}")
    added = (one.median - open_one.median) * 1000
    print(f"  the median of {CLIENTS} clients to that of one: {many.median / one.median:.1f}")
    print(f"  the same without row-level security: {open_many.median / open_one.median:.1f}")
    print(f"  row-level security, one client: {one.median / open_one.median:.2f} of that without, {added:+.2f} ms")
    print(f"  row-level security, {CLIENTS} clients: {many.median / open_many.median:.2f} of the median without")
    print("  (to reach: less than 1 ms more at the median, and never 100 ms)")


if __name__ == "__main__":
    main()
