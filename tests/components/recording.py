"""A stand-in for Pulumi's engine: it records which objects a program asks for, in a tenth of a second."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pulumi.runtime import mocks
from pulumi.runtime import settings as runtime_settings
from pulumi.runtime.rpc import _special_secret_sig, _special_sig_key
from pulumi.runtime.stack import wait_for_rpcs

from floe_cube_infra.components.consumption_layer import ConsumptionLayer, ConsumptionLayerArgs
from floe_cube_infra.generation import generate
from floe_cube_infra.inputs import settings as stack_settings
from floe_cube_infra.inputs.settings import Settings

CLONE = Path(__file__).resolve().parents[2]
SHOP = CLONE / "examples" / "shop"

Result = TypeVar("Result")

Objects = Mapping[str, dict[str, Any]]
"""Kubernetes objects as they would be written, by kind and name."""


class Recorder(mocks.Mocks):
    """Takes every resource as it was asked for.

    Args:
        outputs: What any stack that the program refers to tells.
    """

    def __init__(self, outputs: Mapping[str, object]) -> None:
        self.asked: list[mocks.MockResourceArgs] = []
        self._outputs = outputs

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.asked.append(args)
        if args.typ == "pulumi:pulumi:StackReference":
            return f"{args.name}-id", {**args.inputs, "outputs": dict(self._outputs)}
        made = {"result": "(generated)"} if args.typ.endswith(":RandomPassword") else {}
        return f"{args.name}-id", {**args.inputs, **made}

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        return {}


@dataclass(frozen=True)
class Recorded:
    """What was asked for.

    Attributes:
        objects: The Kubernetes objects.
        types: Every resource's type token, components included.
        after: What each object and component has to come after, by kind and name.
        role_policies: What IAM roles may do, as JSON.
    """

    objects: dict[str, dict[str, Any]]
    types: list[str]
    after: dict[str, set[str]]
    role_policies: list[str]


class Monitor(mocks.MockMonitor):
    """Also keeps what comes after what."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self.after: dict[str, set[str]] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        self.after[_kind_and_name(request.type, request.name)] = {
            _kind_and_name(*urn.split("::")[-2:]) for urn in request.dependencies
        }
        return super().RegisterResource(request)


def _kind_and_name(typ: str, name: str) -> str:
    return f"{typ.rsplit(':', maxsplit=1)[-1]}/{name}"


def record(
    program: Callable[[], object], *, preview: bool = False, outputs: Mapping[str, object] | None = None
) -> Recorded:
    """Runs a program and gives what it asked for.

    Args:
        program: The program.
        preview: Whether it is only a preview.
        outputs: What stacks that the program refers to tell.
    """
    recorder = Recorder(outputs or {})
    monitor = Monitor(recorder)

    async def run() -> None:
        mocks.set_mocks(recorder, preview=preview, monitor=monitor)
        program()
        await wait_for_rpcs()

    run_beside_stand_in(run())
    objects = {
        f"{asked.inputs['kind']}/{asked.inputs['metadata']['name']}": _whole(asked.inputs)
        for asked in recorder.asked
        if asked.typ.startswith("kubernetes:")
    }
    policies = [asked.inputs["policy"] for asked in recorder.asked if asked.typ.endswith(":RolePolicy")]
    return Recorded(objects, [asked.typ for asked in recorder.asked], monitor.after, policies)


def run_beside_stand_in(program: Coroutine[Any, Any, Result]) -> Result:
    """Runs what sets Pulumi's stand-in up and asks it, which opens an event loop in every thread and closes none."""
    runtime_settings.reset_options()
    with asyncio.Runner() as runner, ExitStack() as loops:
        threads = ThreadPoolExecutor(4, initializer=lambda: loops.callback(_opened_loop().close))
        runner.get_loop().set_default_executor(threads)
        try:
            return runner.run(program)
        finally:
            threads.shutdown()


def layer_of(settings: Settings, base: Path = CLONE, *, preview: bool = False) -> Recorded:
    """The whole layer."""
    generated = generate(settings, base)
    assert generated is not None
    args = ConsumptionLayerArgs(settings=settings, generated=generated)
    return record(lambda: ConsumptionLayer("cube", args), preview=preview)


def shop(settings: Mapping[str, object], folder: Path, **consumption: object) -> Settings:
    """Settings of a stack over the shop, whose artifacts say `consumption` as well.

    Args:
        settings: The settings that matter.
        folder: Where the artifacts are written.
        consumption: Keys of `consumption.pre_aggregations`.
    """
    artifacts = json.loads((SHOP / "compiled_artifacts.json").read_text())
    artifacts["consumption"]["pre_aggregations"].update(consumption)
    path = folder / "compiled_artifacts.json"
    path.write_text(json.dumps(artifacts))
    files = {"artifacts": str(path), "manifest": str(SHOP / "target" / "manifest.json")}
    return stack_settings.parse(
        {
            "environment": "dev",
            **files,
            "models": {"include": ["access:public"]},
            "images": {"unpinned": "allowed"},
            **settings,
        },
        "test",
    )


def pod_of(objects: Objects, workload: str) -> dict[str, Any]:
    """The pod that a workload makes."""
    pod: dict[str, Any] = objects[workload]["spec"]["template"]["spec"]
    return pod


def variables_of(container: Mapping[str, Any]) -> dict[str, Any]:
    """A container's variables: their values, or where they come from."""
    return {variable["name"]: variable.get("value", variable.get("valueFrom")) for variable in container["env"]}


def _opened_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop


def _whole(value: Any) -> Any:
    """The engine's protocol has floating-point numbers only, and wraps secrets."""
    if isinstance(value, dict) and value.get(_special_sig_key) == _special_secret_sig:
        return _whole(value["value"])
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
