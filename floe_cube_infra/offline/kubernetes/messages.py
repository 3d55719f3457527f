"""Between the protocol's messages and the values of this package."""

from __future__ import annotations

from collections.abc import Iterable

from pulumi.runtime.proto import provider_pb2

from floe_cube_infra.offline.detailed_diff import Change
from floe_cube_infra.offline.kubernetes.diffing import ObjectDiff
from floe_cube_infra.offline.kubernetes.naming import Autonaming, AutonamingMode
from floe_cube_infra.offline.kubernetes.validation.findings import Problem
from floe_cube_infra.offline.property_path import format_path
from floe_cube_infra.offline.wire import Properties, encode

_Options = provider_pb2.CheckRequest.AutonamingOptions


def autonaming_of(request: provider_pb2.CheckRequest) -> Autonaming:
    """Gives what a check says about automatic names."""
    mode = AutonamingMode.NONE
    if request.HasField("autonaming"):
        disabled = request.autonaming.mode == _Options.DISABLE
        mode = AutonamingMode.DISABLED if disabled else AutonamingMode.PROPOSED
    return Autonaming(
        resource_name=request.name or request.urn.rpartition("::")[2],
        seed=request.randomSeed,
        mode=mode,
        proposed=request.autonaming.proposed_name,
    )


def check_response(inputs: Properties, problems: Iterable[Problem]) -> provider_pb2.CheckResponse:
    """Gives the answer to a check: the inputs, and one failure a problem.

    The path stands in the reason: beside a failure's property the engine prints the property's value, secret or not.
    """
    failures = [
        provider_pb2.CheckFailure(reason=f"{problem.path}: {problem.reason}" if problem.path else problem.reason)
        for problem in problems
    ]
    return provider_pb2.CheckResponse(inputs=encode(inputs), failures=failures)


def diff_response(diff: ObjectDiff, *, always_some: bool) -> provider_pb2.DiffResponse:
    """Gives the answer to a diff.

    Args:
        diff: The changes.
        always_some: Claim a change even where there is none, so that the engine updates the resource.
    """
    detailed = {format_path(change.path): _property_diff(change, replaces=False) for change in diff.updating} | {
        format_path(change.path): _property_diff(change, replaces=True) for change in diff.replacing
    }
    some = bool(detailed) or always_some
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME if some else provider_pb2.DiffResponse.DIFF_NONE,
        replaces=[format_path(change.path) for change in diff.replacing],
        diffs=sorted({str(change.path[0]) for change in (*diff.updating, *diff.replacing)}),
        detailedDiff=detailed,
        hasDetailedDiff=True,
        deleteBeforeReplace=diff.delete_first,
    )


def _property_diff(change: Change, *, replaces: bool) -> provider_pb2.PropertyDiff:
    name = f"{change.kind.value}_REPLACE" if replaces else change.kind.value
    return provider_pb2.PropertyDiff(kind=provider_pb2.PropertyDiff.Kind.Value(name), inputDiff=True)
