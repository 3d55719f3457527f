"""The gRPC service over some kinds of resources: what the engine asks, whatever the kind."""
# ruff: noqa: N802, ARG002 - the names and arguments of these methods are the protocol's

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import ClassVar, TypeVar

from google.protobuf import empty_pb2
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from floe_cube_infra.offline.detailed_diff import Change, changes
from floe_cube_infra.offline.engine_log import EngineLog
from floe_cube_infra.offline.errors import NotSupportedError, ProviderError
from floe_cube_infra.offline.kinds import Kind, Plains
from floe_cube_infra.offline.property_path import contains, format_path, parse_path
from floe_cube_infra.offline.server import Arguments
from floe_cube_infra.offline.wire import UNKNOWN, Plain, Properties, Secret, Value, decode, encode, keep_secret, plain

T = TypeVar("T")

# What Pulumi's bridged providers keep beside the inputs.
_HIDDEN = "__"


class KindsProvider(provider_pb2_grpc.ResourceProviderServicer):
    """A provider of a few kinds of resources.

    Args:
        log: Takes the messages for the user.
        arguments: The plugin's command line.

    Attributes:
        package: The package whose official provider this one stands in for.
    """

    package: ClassVar[str]

    def __init__(self, log: EngineLog, arguments: Arguments) -> None:
        self._log = log
        self._arguments = arguments

    def kinds(self) -> Mapping[str, Kind]:
        """The kinds by their type tokens."""
        raise NotImplementedError

    def configure(self, config: Plains) -> str:
        """Takes the settings, and gives what the provider does, as the end of a sentence."""
        raise NotImplementedError

    def asking(self, what: str, act: Callable[[], T]) -> T:
        """Does what may fail outside; a subclass puts the failure into a sentence."""
        return act()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: object) -> plugin_pb2.PluginInfo:
        """Answers with the version that was given at the start, or that of the installed SDK."""
        return plugin_pb2.PluginInfo(version=self._version())

    def Attach(self, request: plugin_pb2.PluginAttach, context: object) -> empty_pb2.Empty:
        """Logs to the engine that attaches to a provider which runs already."""
        self._log.attach(request.address)
        return empty_pb2.Empty()

    def Cancel(self, request: empty_pb2.Empty, context: object) -> empty_pb2.Empty:
        """Nothing waits here."""
        return empty_pb2.Empty()

    def GetSchema(self, request: provider_pb2.GetSchemaRequest, context: object) -> provider_pb2.GetSchemaResponse:
        """Answers with a schema that names the package and describes none of its types."""
        schema = {"name": self.package, "version": self._version(), "resources": {}, "functions": {}}
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema))

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: object) -> provider_pb2.CheckResponse:
        """Takes the settings as they are."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: object) -> provider_pb2.DiffResponse:
        """Says which settings changed; none of them moves a resource."""
        changed = sorted({str(change.path[0]) for change in changes(decode(request.olds), decode(request.news))})
        return _diff_response(dict.fromkeys(changed, "UPDATE"), (), tops=set(changed))

    def Configure(self, request: provider_pb2.ConfigureRequest, context: object) -> provider_pb2.ConfigureResponse:
        """Takes the settings and says once that it isn't the official provider."""
        does = self.configure(plain(decode(request.args)))
        self._log.info(f"The offline provider of the package {self.package} stands in for the official one: {does}.")
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(self, request: provider_pb2.CheckRequest, context: object) -> provider_pb2.CheckResponse:
        """Gives everything that is wrong with the inputs."""
        inputs = {key: value for key, value in decode(request.news).items() if not key.startswith(_HIDDEN)}
        kind = self._kind(_token(request))
        reasons = [
            f"{key}: the offline provider doesn't know this property; only the official plugin does"
            for key in sorted(inputs.keys() - kind.takes)
        ]
        reasons += kind.problems(plain(inputs))
        failures = [provider_pb2.CheckFailure(reason=reason) for reason in reasons]
        return provider_pb2.CheckResponse(inputs=encode(inputs), failures=failures)

    def Diff(self, request: provider_pb2.DiffRequest, context: object) -> provider_pb2.DiffResponse:
        """Compares the inputs of before with the new ones."""
        kind = self._kind(_token(request))
        ignored = [parse_path(path) for path in request.ignoreChanges]
        found = [
            change
            for change in changes(decode(request.old_inputs), decode(request.news))
            if not any(contains(path, change.path) for path in ignored)
        ]
        replacing = [change for change in found if change.path[0] in kind.fixed]
        paths = {format_path(change.path): _change_kind(change, replaces=change in replacing) for change in found}
        return _diff_response(
            paths,
            [format_path(change.path) for change in replacing],
            tops={str(change.path[0]) for change in found},
        )

    def Create(self, request: provider_pb2.CreateRequest, context: object) -> provider_pb2.CreateResponse:
        """Makes a resource; a preview gives the inputs back, and unknowns for what only an update tells."""
        kind, inputs = self._kind(_token(request)), decode(request.properties)
        if request.preview:
            unknown: Properties = {
                key: Secret(UNKNOWN) if key in kind.secret else UNKNOWN for key in kind.told_later if key not in inputs
            }
            return provider_pb2.CreateResponse(properties=encode({**inputs, **unknown}))
        given = plain(inputs)
        identifier = self.asking(request.urn, lambda: kind.create(given))
        return provider_pb2.CreateResponse(id=identifier, properties=self._state(request.urn, kind, identifier, inputs))

    def Update(self, request: provider_pb2.UpdateRequest, context: object) -> provider_pb2.UpdateResponse:
        """Changes a resource in place; a preview gives the inputs back, and the outputs of before."""
        kind, inputs = self._kind(_token(request)), decode(request.news)
        if request.preview:
            kept = {key: value for key, value in decode(request.olds).items() if key in kind.told_later}
            return provider_pb2.UpdateResponse(properties=encode({**kept, **inputs}))
        given = plain(inputs)
        self.asking(request.urn, lambda: kind.update(request.id, given))
        return provider_pb2.UpdateResponse(properties=self._state(request.urn, kind, request.id, inputs))

    def Read(self, request: provider_pb2.ReadRequest, context: object) -> provider_pb2.ReadResponse:
        """Reads a resource: for a refresh, or by its id for an import."""
        kind, state, inputs = self._kind(_token(request)), decode(request.properties), decode(request.inputs)
        found = self.asking(request.urn, lambda: kind.read(request.id, plain(state)))
        if found is None:
            return provider_pb2.ReadResponse()  # an empty answer is how the engine hears that it is gone
        # What nobody asked for is nobody's drift, except where all of it is asked for.
        wanted = inputs.keys() if inputs else kind.takes
        live = {key: _as_given(found[key], inputs.get(key)) for key in wanted if found.get(key) is not None}
        return provider_pb2.ReadResponse(
            id=request.id, inputs=encode(live), properties=encode(_marked(kind, {**found, **live}))
        )

    def Delete(self, request: provider_pb2.DeleteRequest, context: object) -> empty_pb2.Empty:
        """Removes a resource."""
        kind, state = self._kind(_token(request)), plain(decode(request.properties))
        self.asking(request.urn, lambda: kind.delete(request.id, state))
        return empty_pb2.Empty()

    def _state(self, urn: str, kind: Kind, identifier: str, inputs: Properties) -> Struct:
        found = self.asking(urn, lambda: kind.read(identifier, plain(inputs)))
        if found is None:
            raise ProviderError(f"{urn} was made as {identifier!r}, and is gone already.")
        return encode(_marked(kind, {**found, **inputs}))

    def _kind(self, token: str) -> Kind:
        known = self.kinds()
        if token not in known:
            raise NotSupportedError(f"{token} needs the official plugin; the offline provider has {', '.join(known)}.")
        return known[token]

    def _version(self) -> str:
        if self._arguments.version:
            return self._arguments.version
        try:
            return version(f"pulumi-{self.package}")
        except PackageNotFoundError:
            return "0.0.0"  # a version that no program can ask for


def _token(
    request: provider_pb2.CheckRequest
    | provider_pb2.DiffRequest
    | provider_pb2.CreateRequest
    | provider_pb2.UpdateRequest
    | provider_pb2.ReadRequest
    | provider_pb2.DeleteRequest,
) -> str:
    # urn:pulumi:stack::project::parentType$type::name
    return request.urn.split("::")[2].rpartition("$")[2]


def _as_given(live: Value, given: Value) -> Value:
    """The live value; as it was given where it means the same, and as secret."""
    wanted = plain(given)
    if live == wanted or (isinstance(live, str) and isinstance(wanted, str) and _same_json(live, wanted)):
        return given
    return keep_secret(_as_spelt(live, wanted), given)


def _as_spelt(live: Plain, given: Plain) -> Plain:
    """The live value without the defaults that a service adds to what was given: false, empty or nothing."""
    if isinstance(live, dict) and isinstance(given, dict):
        return {key: _as_spelt(item, given.get(key)) for key, item in live.items() if item or key in given}
    if isinstance(live, list) and isinstance(given, list) and len(live) == len(given):
        return [_as_spelt(item, other) for item, other in zip(live, given, strict=True)]
    return live


def _same_json(one: str, other: str) -> bool:
    """Whether both are the same JSON object: services give policies back in a layout of their own."""
    try:
        return one.startswith("{") and bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def _marked(kind: Kind, properties: Mapping[str, Value]) -> Properties:
    return {
        key: Secret(value) if key in kind.secret and not isinstance(value, Secret) else value
        for key, value in properties.items()
    }


def _change_kind(change: Change, *, replaces: bool) -> str:
    return f"{change.kind.value}_REPLACE" if replaces else change.kind.value


def _diff_response(paths: Mapping[str, str], replaces: Sequence[str], *, tops: set[str]) -> provider_pb2.DiffResponse:
    difference = provider_pb2.PropertyDiff
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME if paths else provider_pb2.DiffResponse.DIFF_NONE,
        replaces=replaces,
        diffs=sorted(tops),
        detailedDiff={
            path: difference(kind=difference.Kind.Value(kind), inputDiff=True) for path, kind in paths.items()
        },
        hasDetailedDiff=True,
    )
