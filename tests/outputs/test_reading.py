"""Another stack's outputs as a typed object; a stand-in for the engine gives what was exported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from floe_cube_infra.model.stack_outputs import StackOutputs
from floe_cube_infra.outputs import read_outputs, read_outputs_if_enabled
from floe_cube_infra.outputs.reading import parse_outputs
from tests.components.recording import run_beside_stand_in

STACK = "organization/floe-cube-infra/prod"
TOLD: dict[str, Any] = {
    "version": 1,
    "status": "enabled",
    "environment": "prod",
    "namespace": "floe-cube",
    "restEndpoint": "http://cube-api.floe-cube.svc:4000/cubejs-api/v1",
    "graphqlEndpoint": "http://cube-api.floe-cube.svc:4000/cubejs-api/graphql",
    "apiServiceName": "cube-api",
    "apiPort": 4000,
    "apiPodLabels": {"app.kubernetes.io/component": "api"},
    "secretNames": {"tokens": ["cube-api"]},
    "modelVersion": "f3b3b4987c",
    "counts": {"cubes": 11},
}


@dataclass(frozen=True)
class Read:
    """An output, awaited."""

    value: Any
    known: bool
    secret: bool


def read(
    outputs: Callable[[], object],
    secret_names: Sequence[str] = (),
    reader: Any = read_outputs,
    *,
    preview: bool = False,
) -> Read:
    """Reads them from a stack that has them; they are made where Pulumi has an event loop."""

    class Engine(mocks.Mocks):
        def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
            assert (args.typ, args.resource_id) == ("pulumi:pulumi:StackReference", STACK)
            return STACK, {"name": STACK, "outputs": outputs(), "secretOutputNames": list(secret_names)}

        def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
            return {}

    async def run() -> Read:
        mocks.set_mocks(Engine(), preview=preview)
        output = reader(STACK)
        return Read(await output.future(), await output.is_known(), await output.is_secret())

    return run_beside_stand_in(run())


def refusal(values: dict[str, Any]) -> str:
    with pytest.raises(pulumi.RunError) as refused:
        parse_outputs(values, STACK)
    return str(refused.value)


def test_outputs_are_read_as_a_typed_object() -> None:
    found = read(lambda: TOLD)
    assert (found.known, found.secret) == (True, False)
    outputs = found.value
    assert isinstance(outputs, StackOutputs)
    assert outputs.rest_endpoint == TOLD["restEndpoint"]
    assert outputs.secret_names.tokens == ("cube-api",)
    assert outputs.counts.cubes == 11


def test_a_reference_that_is_there_already_is_read_as_well() -> None:
    found = read(lambda: TOLD, reader=lambda stack: read_outputs(pulumi.StackReference(stack)))
    assert found.value == parse_outputs(TOLD, STACK)


def test_a_newer_stack_of_the_same_version_may_tell_more() -> None:
    more = {**TOLD, "later": "x", "counts": {"cubes": 11, "moons": 2}, "secretNames": {"moons": ["m"]}}
    assert parse_outputs(more, STACK) == parse_outputs({**TOLD, "secretNames": {}}, STACK)


def test_an_output_that_is_secret_stays_so_and_one_of_others_makes_nothing_secret() -> None:
    secret = pulumi.Output.secret
    assert read(lambda: {**TOLD, "namespace": secret("hidden")}, ["namespace"]).secret
    assert not read(lambda: {**TOLD, "password": secret("x")}, ["password"]).secret


def test_a_preview_that_doesnt_know_the_outputs_yet_doesnt_break() -> None:
    def unknown() -> pulumi.Output[Any]:
        return pulumi.Output.from_input(pulumi.UNKNOWN)

    assert not read(unknown, preview=True).known
    assert not read(lambda: {**TOLD, "restEndpoint": unknown()}, preview=True).known


def test_a_stack_that_is_switched_off_is_refused_unless_it_may_be() -> None:
    off = {"version": 1, "status": "disabled"}
    with pytest.raises(pulumi.RunError, match=f"The stack {STACK} is switched off .* read_outputs_if_enabled"):
        read(lambda: off)
    assert read(lambda: off, reader=read_outputs_if_enabled).value is None
    assert read(lambda: TOLD, reader=read_outputs_if_enabled).value == parse_outputs(TOLD, STACK)


def test_another_version_is_refused_with_what_to_do() -> None:
    text = refusal({**TOLD, "version": 2})
    assert text.startswith(
        f"The outputs of the stack {STACK} have version 2, and this floe-cube-infra reads version 1."
    )
    assert "hunter2-hunter2-hunter2" not in refusal({**TOLD, "version": "hunter2-hunter2-hunter2"})


@pytest.mark.parametrize("values", [{}, {"version": None}, {"url": "https://example.com"}])
def test_a_stack_that_is_no_consumption_layer_is_refused(values: dict[str, Any]) -> None:
    assert "has no output `version`" in refusal(values)


def test_everything_that_is_wrong_is_told_at_once_and_no_value() -> None:
    text = refusal({**TOLD, "apiPort": "hunter2", "restEndpoint": None, "status": "hunter2"})
    assert "  - apiPort: " in text
    assert "  - restEndpoint: missing" in text
    assert "  - status: " in text
    assert "hunter2" not in text
