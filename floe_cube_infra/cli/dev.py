"""`floe-cube dev`: Cube itself on this machine, over one's own artifacts, with a model that follows them."""

from __future__ import annotations

import gc
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from floe_cube_infra.cli.options import Artifacts, Catalog, Manifest, StackFile
from floe_cube_infra.cli.report import print_line
from floe_cube_infra.cli.token import Claims, Roles, Ttl, User
from floe_cube_infra.errors import LocalCubeError

if TYPE_CHECKING:
    from floe_cube_infra.cli.dev_report import DevReport
    from floe_cube_infra.cli.regeneration import Regenerator
    from floe_cube_infra.generation import Generated
    from floe_cube_infra.sync.watch import FileWatcher

DEBOUNCE_S = 0.3

Out = Annotated[
    Path | None, typer.Option("--out", "-o", help="A folder to write cube.js, the model and Cube's log into, and keep.")
]
Port = Annotated[
    int | None,
    typer.Option("--port", min=0, max=65535, help="For REST and GraphQL; the artifacts' by default, 0 for a free one."),
]
SqlPort = Annotated[
    int,
    typer.Option("--sql-port", min=0, max=65535, help="For the SQL API (Postgres protocol); 0 for a free one."),
]
StandIn = Annotated[
    Path | None,
    typer.Option(
        "--addon-stand-in",
        help="JavaScript that stands in for Cube's native addon where that can't be downloaded.",
        dir_okay=False,
        exists=True,
        resolve_path=True,
    ),
]


def dev(
    artifacts: Artifacts = None,
    manifest: Manifest = None,
    catalog: Catalog = None,
    stack_file: StackFile = None,
    port: Port = None,
    sql_port: SqlPort = 15432,
    claim: Claims = None,
    role: Roles = None,
    user: User = "developer",
    ttl: Ttl = "12h",
    out: Out = None,
    addon_stand_in: StandIn = None,
) -> None:
    """Start Cube on this machine, on 127.0.0.1 alone, and keep its model up to date with the inputs.

    The database is given by Cube's own variables: CUBEJS_DB_HOST, CUBEJS_DB_PORT, CUBEJS_DB_NAME, CUBEJS_DB_USER,
    CUBEJS_DB_PASS and so on. Pre-aggregations are kept in it, since there is no Cube Store. Ctrl-C ends.
    """
    # Here and not above: other commands start sooner without.
    from floe_cube_infra.cli.dev_report import DevReport  # noqa: PLC0415
    from floe_cube_infra.cli.dev_start import Access, start  # noqa: PLC0415
    from floe_cube_infra.cli.regeneration import Given, Regenerator, remote_inputs  # noqa: PLC0415
    from floe_cube_infra.cli.token import given_claims, given_seconds  # noqa: PLC0415
    from floe_cube_infra.sync.watch import FileWatcher  # noqa: PLC0415

    # This command doesn't end soon, unlike those that the collector is switched off for.
    gc.enable()
    given = Given(artifacts=artifacts, manifest=manifest, catalog=catalog, stack_file=stack_file)
    remote = remote_inputs(given.settings())
    if remote:
        raise typer.BadParameter(f"{', '.join(remote)} can't be watched; download it and give its path")
    access = Access(claims=given_claims(claim or []), roles=role or [], user=user, seconds=given_seconds(ttl))
    try:
        with _sigterm_as_interrupt(), _folder(out) as folder, FileWatcher() as watcher:
            report = DevReport(folder)
            regenerator = Regenerator(given, folder, Path.cwd(), "laptop")
            _watch_inputs(watcher, regenerator)
            generated = _first(regenerator, report)
            ready = start(
                generated,
                folder,
                access,
                report,
                port=generated.config.api_port if port is None else port,
                sql_port=sql_port,
                stand_in=addon_stand_in,
            )
            with ready.process.running(ended=watcher.stop):
                report.answers(ready, ready.ask())
                _keep_up_to_date(watcher, regenerator, report)
                raise LocalCubeError(f"Cube has ended by itself:\n{ready.process.last_lines()}")
    except KeyboardInterrupt:
        print_line("Stopped.")


def _first(regenerator: Regenerator, report: DevReport) -> Generated:
    """Generates for the first time; what is wrong now ends the command.

    Raises:
        FloeCubeError: It is wrong.
    """
    run = regenerator.run()
    if run is None or run.status == "disabled":
        raise LocalCubeError("consumption.enabled is false in the artifacts: there is nothing to start.")
    if run.error:
        raise run.error
    if run.generated is None:
        raise LocalCubeError(f"There is nothing to start yet: {run.message}.")
    report.generated(run)
    return run.generated


def _keep_up_to_date(watcher: FileWatcher, regenerator: Regenerator, report: DevReport) -> None:
    """Runs until the watcher is stopped; Cube reads a changed model with the next query."""
    while watcher.wait(DEBOUNCE_S):
        _watch_inputs(watcher, regenerator)
        run = regenerator.run()
        if run:
            report.generated(run)


def _watch_inputs(watcher: FileWatcher, regenerator: Regenerator) -> None:
    """Watches the inputs before they are read; which ones there are is itself read from inputs."""
    watched = None
    while watched != (files := regenerator.files()):
        watcher.watch(files)
        watched = files


@contextmanager
def _folder(out: Path | None) -> Iterator[Path]:
    if out is not None:
        yield out.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="floe-cube-dev-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def _sigterm_as_interrupt() -> Iterator[None]:
    """SIGTERM ends as Ctrl-C does: everything that was started is ended first."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
