"""The gRPC service: what the engine asks, answered by checking, diffing and a place for the objects."""
# ruff: noqa: N802, ARG002 - the names and arguments of these methods are the protocol's

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from typing import NoReturn

from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from floe_cube_infra.offline.detailed_diff import changes
from floe_cube_infra.offline.engine_log import EngineLog
from floe_cube_infra.offline.errors import NotSupportedError, ProviderError
from floe_cube_infra.offline.kubernetes.checking import Scopes, checked, unsupported
from floe_cube_infra.offline.kubernetes.diffing import object_diff
from floe_cube_infra.offline.kubernetes.folder import RenderedFolder
from floe_cube_infra.offline.kubernetes.messages import autonaming_of, check_response, diff_response
from floe_cube_infra.offline.kubernetes.objects import ObjectType, resource_id
from floe_cube_infra.offline.kubernetes.redaction import marked
from floe_cube_infra.offline.kubernetes.settings import ProviderSettings, config_problems, replacing_keys
from floe_cube_infra.offline.kubernetes.state import inputs_of, live_of, state_of
from floe_cube_infra.offline.kubernetes.targets import Nowhere, Target
from floe_cube_infra.offline.kubernetes.validation.findings import Problem
from floe_cube_infra.offline.server import Arguments
from floe_cube_infra.offline.wire import Properties, decode, encode, plain


class KubernetesProvider(provider_pb2_grpc.ResourceProviderServicer):
    """Stands in for the official provider of the package `kubernetes`, in its render mode.

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
        """Has nothing to stop: every operation is over in a moment and whole."""
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
        directory = self._settings.render_directory
        self._target = RenderedFolder(directory, self._log) if directory else Nowhere()
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
        if request.preview:
            return provider_pb2.CreateResponse(properties=encode(marked(inputs, inputs)))
        self._target.create(request.urn, inputs)
        state = state_of(marked(inputs, inputs))
        return provider_pb2.CreateResponse(id=resource_id(plain(inputs)), properties=encode(state))

    def Update(self, request: provider_pb2.UpdateRequest, context: object) -> provider_pb2.UpdateResponse:
        """Changes an object in its place; a preview only gives the inputs back."""
        inputs = decode(request.news)
        if request.preview:
            return provider_pb2.UpdateResponse(properties=encode(marked(inputs, inputs)))
        self._target.update(request.urn, live_of(decode(request.olds)), inputs)
        return provider_pb2.UpdateResponse(properties=encode(state_of(marked(inputs, inputs))))

    def Delete(self, request: provider_pb2.DeleteRequest, context: object) -> empty_pb2.Empty:
        """Removes an object from its place."""
        self._target.delete(request.urn, live_of(decode(request.properties)))
        return empty_pb2.Empty()

    def Read(self, request: provider_pb2.ReadRequest, context: object) -> provider_pb2.ReadResponse:
        """Reads an object back: for a refresh, or by its id for `get` and `import`."""
        state, inputs = decode(request.properties), decode(request.inputs)
        known = inputs or live_of(state)
        asked_by_id = "apiVersion" not in known or "kind" not in known
        if asked_by_id:
            known = _by_id(_token(request), request.id)
        found = self._target.read(request.urn, known)
        if found is None and asked_by_id:
            raise ProviderError(
                f"There is no {known['kind']} {request.id!r} to read: the offline Kubernetes provider knows "
                "only what it rendered itself; install the official plugin to read from a cluster."
            )
        if found is None:
            return provider_pb2.ReadResponse()  # an empty answer is how the engine hears that it is gone
        if plain(found) == plain(known):
            found = known  # with the secrets exactly where they were
        found = marked(found, known)
        return provider_pb2.ReadResponse(id=request.id, inputs=encode(found), properties=encode(state_of(found)))

    def Invoke(self, request: provider_pb2.InvokeRequest, context: object) -> NoReturn:
        """Refuses: every function of the package needs a cluster, Helm or kustomize."""
        raise NotSupportedError(
            f"The function {request.tok} needs the official plugin; the offline provider only renders single objects."
        )

    def Call(self, request: provider_pb2.CallRequest, context: object) -> NoReturn:
        """Refuses, as `Invoke` does."""
        raise NotSupportedError(
            f"The method {request.tok} needs the official plugin; the offline provider only renders single objects."
        )

    def Construct(self, request: provider_pb2.ConstructRequest, context: object) -> NoReturn:
        """Refuses: the package's components are charts, kustomizations and YAML files."""
        raise NotSupportedError(
            f"{request.type} {request.name!r} needs the official plugin; with the offline provider, describe "
            "its objects one by one."
        )

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


def _by_id(token: str, identifier: str) -> Properties:
    kind = ObjectType.of_token(token)
    namespace, _, name = identifier.rpartition("/")
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "metadata": {"name": name, **({"namespace": namespace} if namespace else {})},
    }
