"""`floe-cube watch`: generates again whenever an input changes."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from floe_cube_infra.cli.options import Artifacts, Catalog, Format, Manifest, OutputFormat, StackFile
from floe_cube_infra.errors import FloeCubeError

if TYPE_CHECKING:
    from floe_cube_infra.cli.regeneration import Given, Regenerator
    from floe_cube_infra.cli.stack_update import StackUpdater
    from floe_cube_infra.cli.watch_report import WatchReport
    from floe_cube_infra.sync.watch import FileWatcher

LONGEST_DEBOUNCE_S = 60

Out = Annotated[Path, typer.Option("--out", "-o", help="The folder to keep up to date; other files in it stay.")]
Debounce = Annotated[
    float,
    typer.Option("--debounce", help="Seconds without a further change after which to generate.", show_default=True),
]
Up = Annotated[bool, typer.Option("--up", help="Update the stack afterwards, as `pulumi up` in this folder does.")]
Stack = Annotated[str | None, typer.Option("--stack", help="The stack to update; it has settings of its own.")]


def watch(
    out: Out,
    artifacts: Artifacts = None,
    manifest: Manifest = None,
    catalog: Catalog = None,
    stack_file: StackFile = None,
    debounce: Debounce = 0.3,
    up: Up = False,
    stack: Stack = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Generate now, and again whenever an input changes; say what changed in the model."""
    # Here and not above: other commands start sooner without.
    from floe_cube_infra.cli.regeneration import Given, Regenerator  # noqa: PLC0415
    from floe_cube_infra.cli.watch_report import WatchReport  # noqa: PLC0415
    from floe_cube_infra.sync.watch import FileWatcher  # noqa: PLC0415

    # This command doesn't end soon, unlike those that the collector is switched off for.
    gc.enable()
    given = Given(artifacts=artifacts, manifest=manifest, catalog=catalog, stack_file=stack_file)
    _refuse_wrong_usage(given, debounce=debounce, up=up, stack=stack)
    report = WatchReport(output_format, out)
    with FileWatcher() as watcher, _stopped_by_signals(watcher.stop):
        updater = _updater(stack, report) if stack else None
        report.begins()
        _keep_up_to_date(watcher, Regenerator(given, out, Path.cwd()), updater, report, debounce)


def _keep_up_to_date(
    watcher: FileWatcher,
    regenerator: Regenerator,
    updater: StackUpdater | None,
    report: WatchReport,
    debounce: float,
) -> None:
    """Runs until the watcher is stopped.

    An update delays the next run: what changes meanwhile is one change afterwards, so the newest state wins.
    """
    shipped: object = None
    goes_on = True
    while goes_on:
        _watch_inputs(watcher, regenerator)
        run = regenerator.run()
        if run:
            report.run_ended(run)
            update = None
            if updater and run.settings and shipped != (run.settings, run.generated):
                report.update_begins(updater.stack)
                update = updater.update()
                # After a failure the next change, whatever it is, tries again.
                shipped = None if update.error else (run.settings, run.generated)
            report.all_ended(run, update)
        goes_on = watcher.wait(debounce)


def _watch_inputs(watcher: FileWatcher, regenerator: Regenerator) -> None:
    """Watches the inputs before they are read; which ones there are is itself read from inputs."""
    watched = None
    while watched != (files := regenerator.files()):
        watcher.watch(files)
        watched = files


def _refuse_wrong_usage(given: Given, *, debounce: float, up: bool, stack: str | None) -> None:
    """Refuses what no change of a file could make right.

    Raises:
        typer.BadParameter: It is wrong usage.
    """
    from floe_cube_infra.cli.regeneration import remote_inputs  # noqa: PLC0415

    if not 0 <= debounce <= LONGEST_DEBOUNCE_S:
        raise typer.BadParameter(f"--debounce is {debounce:g}; allowed are 0 to {LONGEST_DEBOUNCE_S} seconds")
    if up and not stack:
        raise typer.BadParameter("--up needs --stack, the stack to update")
    if stack and not up:
        raise typer.BadParameter("--stack is for --up only; give both, or neither")
    try:
        settings = given.settings()
    except FloeCubeError:
        return  # the stack file is wrong, and may be mended while it is watched
    remote = remote_inputs(settings)
    if remote:
        raise typer.BadParameter(
            f"{', '.join(remote)} can't be watched: only files of this machine tell when they change. "
            "Give a path, or run `floe-cube generate` when it has changed."
        )


@contextmanager
def _stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the watching once what is under way is done."""
    before = {number: signal.signal(number, lambda *_: stop()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _updater(stack: str, report: WatchReport) -> StackUpdater:
    from floe_cube_infra.cli.stack_update import StackUpdater  # noqa: PLC0415

    return StackUpdater(stack, Path.cwd(), report.pulumi_said)
