"""The gRPC service: what the engine asks, answered by checking, diffing and a place for the objects."""
# ruff: noqa: N802, ARG002 - the names and arguments of these methods are the protocol's

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import NoReturn

from google.protobuf import empty_pb2
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from floe_cube_infra.offline.detailed_diff import changes
from floe_cube_infra.offline.engine_log import EngineLog
from floe_cube_infra.offline.errors import DetailedError, NotSupportedError, ProviderError
from floe_cube_infra.offline.kubernetes.checking import Scopes, checked, unsupported
from floe_cube_infra.offline.kubernetes.cluster.kubeconfig import find_access
from floe_cube_infra.offline.kubernetes.diffing import ignored_paths, object_diff
from floe_cube_infra.offline.kubernetes.folder import RenderedFolder
from floe_cube_infra.offline.kubernetes.messages import autonaming_of, check_response, diff_response
from floe_cube_infra.offline.kubernetes.objects import ObjectType, resource_id
from floe_cube_infra.offline.kubernetes.redaction import marked
from floe_cube_infra.offline.kubernetes.settings import ProviderSettings, config_problems, replacing_keys
from floe_cube_infra.offline.kubernetes.state import inputs_of, live_of, manager_in, state_of
from floe_cube_infra.offline.kubernetes.targets import Nowhere, Operation, Target, UnfinishedError
from floe_cube_infra.offline.kubernetes.validation.findings import Problem
from floe_cube_infra.offline.server import Arguments
from floe_cube_infra.offline.wire import Properties, decode, encode, plain


class KubernetesProvider(provider_pb2_grpc.ResourceProviderServicer):
    """Stands in for the official provider of the package `kubernetes`: renders files, or applies to a cluster.

    Args:
        log: Takes the messages for the user.
        arguments: The plugin's command line.
    """

    def __init__(self, log: EngineLog, arguments: Arguments) -> None:
        self._log = log
        self._arguments = arguments
        self._settings = ProviderSettings()
        self._target: Target = Nowhere()
        self._scopes = Scopes()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: object) -> plugin_pb2.PluginInfo:
        """Answers with the version that was given at the start, or that of the installed SDK."""
        return plugin_pb2.PluginInfo(version=self._version())

    def Attach(self, request: plugin_pb2.PluginAttach, context: object) -> empty_pb2.Empty:
        """Logs to the engine that attaches to a provider which runs already."""
        self._log.attach(request.address)
        return empty_pb2.Empty()

    def Cancel(self, request: empty_pb2.Empty, context: object) -> empty_pb2.Empty:
        """Ends every waiting; what was applied stays, and is kept in the state."""
        self._target.cancel()
        return empty_pb2.Empty()

    def GetSchema(self, request: provider_pb2.GetSchemaRequest, context: object) -> provider_pb2.GetSchemaResponse:
        """Answers with a schema that names the package and describes none of its types."""
        schema = {"name": "kubernetes", "version": self._version(), "resources": {}, "functions": {}}
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema))

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: object) -> provider_pb2.CheckResponse:
        """Refuses settings that contradict each other."""
        config = decode(request.news)
        problems = [Problem(key, reason) for key, reason in config_problems(config).items()]
        return check_response(config, problems)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: object) -> provider_pb2.DiffResponse:
        """Says which settings changed, and which of them move every object."""
        old, new = decode(request.olds), decode(request.news)
        changed = {str(change.path[0]) for change in changes(old, new)}
        some = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(
            changes=some, diffs=sorted(changed), replaces=replacing_keys(old, new, changed)
        )

    def Configure(self, request: provider_pb2.ConfigureRequest, context: object) -> provider_pb2.ConfigureResponse:
        """Takes the settings and says once that it isn't the official provider."""
        self._settings = ProviderSettings.of(decode(request.args))
        self._scopes = Scopes()
        self._target = self._place(self._settings)
        self._log.info(
            f"The offline Kubernetes provider stands in for the official one: it {self._target.description}."
        )
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
        )

    def Check(self, request: provider_pb2.CheckRequest, context: object) -> provider_pb2.CheckResponse:
        """Names an object, puts it into its namespace, and gives everything that is wrong with it."""
        new, old = decode(request.news), decode(request.olds)
        kind = new.get("kind")
        if reason := unsupported(_token(request), kind if isinstance(kind, str) else ""):
            return check_response(new, [Problem("", reason)])
        inputs, problems = checked(new, old, autonaming_of(request), self._settings, self._scopes)
        return check_response(inputs, problems + self._target.refusals(request.urn, inputs))

    def Diff(self, request: provider_pb2.DiffRequest, context: object) -> provider_pb2.DiffResponse:
        """Compares the inputs of before with the new ones."""
        old = decode(request.old_inputs) or inputs_of(decode(request.olds))
        diff = object_diff(old, decode(request.news), request.ignoreChanges, self._settings, self._scopes)
        always = self._settings.always_render and self._settings.render_directory is not None
        return diff_response(diff, always_some=always)

    def Create(self, request: provider_pb2.CreateRequest, context: object) -> provider_pb2.CreateResponse:
        """Puts a new object into its place; a preview only gives the inputs back."""
        inputs = decode(request.properties)
        operation = Operation(urn=request.urn, manager=manager_in({}, request.urn), seconds=request.timeout)
        if request.preview:
            self._target.preview(operation, None, inputs)
            return provider_pb2.CreateResponse(properties=encode(marked(inputs, inputs)))
        live = _finished(lambda: self._target.create(operation, inputs), inputs, operation)
        return provider_pb2.CreateResponse(id=resource_id(plain(live)), properties=_state(live, inputs, operation))

    def Update(self, request: provider_pb2.UpdateRequest, context: object) -> provider_pb2.UpdateResponse:
        """Changes an object in its place; a preview only gives the inputs back."""
        inputs, state = decode(request.news), decode(request.olds)
        operation = Operation(
            urn=request.urn,
            manager=manager_in(state, request.urn),
            seconds=request.timeout,
            ignored=ignored_paths(request.ignoreChanges),
        )
        if request.preview:
            self._target.preview(operation, live_of(state), inputs)
            return provider_pb2.UpdateResponse(properties=encode(marked(inputs, inputs)))
        live = _finished(lambda: self._target.update(operation, live_of(state), inputs), inputs, operation)
        return provider_pb2.UpdateResponse(properties=_state(live, inputs, operation))

    def Delete(self, request: provider_pb2.DeleteRequest, context: object) -> empty_pb2.Empty:
        """Removes an object from its place."""
        operation = Operation(urn=request.urn, seconds=request.timeout)
        self._target.delete(operation, live_of(decode(request.properties)))
        return empty_pb2.Empty()

    def Read(self, request: provider_pb2.ReadRequest, context: object) -> provider_pb2.ReadResponse:
        """Reads an object back: for a refresh, or by its id for `get` and `import`."""
        state, inputs = decode(request.properties), decode(request.inputs)
        known = inputs or live_of(state)
        asked_by_id = "apiVersion" not in known or "kind" not in known
        if asked_by_id:
            known = _by_id(_token(request), request.id)
        manager = manager_in(state, request.urn)
        operation = Operation(urn=request.urn, manager=manager, imports=asked_by_id)
        found = self._target.read(operation, known)
        if found is None and asked_by_id:
            raise ProviderError(
                f"There is no {known['kind']} {request.id!r} to read: the offline Kubernetes provider "
                f"{self._target.description}."
            )
        if found is None:
            return provider_pb2.ReadResponse()  # an empty answer is how the engine hears that it is gone
        live, amounted = found
        if plain(amounted) == plain(known):
            amounted = known  # with the secrets exactly where they were
        amounted = marked(amounted, known)
        return provider_pb2.ReadResponse(
            id=request.id, inputs=encode(amounted), properties=_state(live, amounted, operation)
        )

    def Invoke(self, request: provider_pb2.InvokeRequest, context: object) -> NoReturn:
        """Refuses: every function of the package needs a cluster, Helm or kustomize."""
        raise NotSupportedError(
            f"The function {request.tok} needs the official plugin; the offline provider knows single objects only."
        )

    def Call(self, request: provider_pb2.CallRequest, context: object) -> NoReturn:
        """Refuses, as `Invoke` does."""
        raise NotSupportedError(
            f"The method {request.tok} needs the official plugin; the offline provider knows single objects only."
        )

    def Construct(self, request: provider_pb2.ConstructRequest, context: object) -> NoReturn:
        """Refuses: the package's components are charts, kustomizations and YAML files."""
        raise NotSupportedError(
            f"{request.type} {request.name!r} needs the official plugin; with the offline provider, describe "
            "its objects one by one."
        )

    def _place(self, settings: ProviderSettings) -> Target:
        if settings.render_directory:
            return RenderedFolder(settings.render_directory, self._log)
        access = find_access(settings.kubeconfig, settings.context, settings.cluster)
        if access is None:
            return Nowhere()
        # Only now: an HTTP client takes a tenth of a second to import, and rendering needs none.
        from floe_cube_infra.offline.kubernetes.cluster.target import Cluster  # noqa: PLC0415

        return Cluster(access, settings, self._log)

    def _version(self) -> str:
        if self._arguments.version:
            return self._arguments.version
        try:
            return version("pulumi-kubernetes")
        except PackageNotFoundError:
            return "0.0.0"  # a version that no program can ask for


def _token(request: provider_pb2.CheckRequest | provider_pb2.ReadRequest) -> str:
    # urn:pulumi:stack::project::parentType$type::name
    return request.type or request.urn.split("::")[2].rpartition("$")[2]


def _state(live: Properties, inputs: Properties, operation: Operation) -> Struct:
    marked_inputs = marked(inputs, inputs)
    return encode(state_of(marked(live, inputs), marked_inputs, operation.manager))


def _finished(act: Callable[[], Properties], inputs: Properties, operation: Operation) -> Properties:
    """Gives the object that an operation ends with, or tells the engine to keep what isn't ready."""
    try:
        return act()
    except UnfinishedError as error:
        details = provider_pb2.ErrorResourceInitFailed(
            id=resource_id(plain(error.live)),
            properties=_state(error.live, inputs, operation),
            inputs=encode(marked(inputs, inputs)),
            reasons=[str(error), *error.reasons],  # the engine shows these, and not the error itself
        )
        raise DetailedError(str(error), details) from None


def _by_id(token: str, identifier: str) -> Properties:
    kind = ObjectType.of_token(token)
    namespace, _, name = identifier.rpartition("/")
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "metadata": {"name": name, **({"namespace": namespace} if namespace else {})},
    }
