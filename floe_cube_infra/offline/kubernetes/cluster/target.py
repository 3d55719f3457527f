"""A cluster as a place for objects; see `targets.Target`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from threading import Event
from typing import Any, Final, NoReturn

from floe_cube_infra.offline.engine_log import EngineLog
from floe_cube_infra.offline.errors import ProviderError
from floe_cube_infra.offline.kubernetes.cluster.api_errors import ApiError, UnreachableError, explained, unknown_kind
from floe_cube_infra.offline.kubernetes.cluster.api_server import ApiServer
from floe_cube_infra.offline.kubernetes.cluster.applying import (
    annotation,
    are_of_pulumi,
    is_managed_by,
    kept,
    sent,
    wants_force,
    without_ignored,
)
from floe_cube_infra.offline.kubernetes.cluster.discovery import Discovery, ObjectPath
from floe_cube_infra.offline.kubernetes.cluster.drift import live_inputs
from floe_cube_infra.offline.kubernetes.cluster.kubeconfig import ClusterAccess
from floe_cube_infra.offline.kubernetes.cluster.waiting import Patience, until_gone, until_ready
from floe_cube_infra.offline.kubernetes.objects import metadata_of
from floe_cube_infra.offline.kubernetes.redaction import exposed_secrets, secret_texts
from floe_cube_infra.offline.kubernetes.settings import ProviderSettings
from floe_cube_infra.offline.kubernetes.targets import Operation, UnfinishedError
from floe_cube_infra.offline.kubernetes.validation.findings import Problem
from floe_cube_infra.offline.property_path import format_path
from floe_cube_infra.offline.wire import Properties, has_unknown, plain

_SKIP_AWAIT: Final = "pulumi.com/skipAwait"
_WAIT_FOR: Final = "pulumi.com/waitFor"
_PROPAGATION: Final = "pulumi.com/deletionPropagationPolicy"
_PROPAGATIONS: Final = {"background": "Background", "orphan": "Orphan"}
_APPLY: Final = "application/apply-patch+yaml"
_CONFLICT: Final = 409
# A kind, or a namespace, that another resource of the same update is just about to give.
_PAUSES_FOR_WHAT_COMES: Final = (0.5, 1.0, 2.0, 4.0)


class Cluster:
    """The objects of a cluster.

    Args:
        access: The cluster, and who to be there.
        settings: The provider's settings.
        log: Takes the messages for the user.
    """

    def __init__(self, access: ClusterAccess, settings: ProviderSettings, log: EngineLog) -> None:
        self._access = access
        self._settings = settings
        self._log = log
        self._stop = Event()
        self._api = ApiServer(access, lambda warning: log.warn_once(f"The API server warns: {warning}"), self._stop)
        self._discovery = Discovery(self._api, access.namespace)

    @property
    def description(self) -> str:
        """Says which cluster it is."""
        return f"applies to the cluster of the context {self._access.context!r}, {self._access.server}"

    def cancel(self) -> None:
        """Ends every waiting; what was applied stays and is reported as unfinished."""
        self._stop.set()

    def refusals(self, urn: str, properties: Properties) -> list[Problem]:  # noqa: ARG002
        """Refuses secret values outside of a Secret, as the rendered folder does."""
        return [
            Problem(
                format_path(path),
                "holds a secret value, which anyone who may read the object would see; use a reference to a "
                "Kubernetes Secret (valueFrom.secretKeyRef)",
            )
            for path in exposed_secrets(properties)
        ]

    def preview(self, operation: Operation, old: Properties | None, new: Properties) -> None:
        """Lets the API server check an object without keeping it; what can't be known yet is left to the update."""
        if has_unknown(new):
            return
        manifest = plain(new)
        try:
            where = self._discovery.path_of(manifest)
            if where is None:
                return
            live = self._get(where)
            if old is None and live is not None:
                self._refuse_others(live, manifest, operation)
                # About to be replaced: the object of before is in the way of a dry run under its name.
                manifest = {**manifest, "metadata": {**manifest["metadata"], "name": f"{where.name[:50]}-preview"}}
                where = self._discovery.path_of(manifest)
            self._apply(where, manifest, operation, live, dry_run=True)
        except UnreachableError as error:
            self._log.warn_once(f"{error} This preview goes on without asking it.")
        except ApiError as error:
            if not error.lacks_namespace:
                self._explain(error, manifest, new)

    def create(self, operation: Operation, properties: Properties) -> Properties:
        """Applies a new object and waits until it is ready; one that others made is refused."""
        manifest = plain(properties)
        try:
            where = self._path_of(manifest)
            live = self._get(where)
            if live is not None:
                self._refuse_others(live, manifest, operation)
            applied = self._patiently(lambda: self._apply(where, manifest, operation, live))
        except ApiError as error:
            self._explain(error, manifest, properties)
        return self._until_ready(where, applied, manifest, operation)

    def update(self, operation: Operation, old: Properties, new: Properties) -> Properties:  # noqa: ARG002
        """Applies a changed object and waits until it is ready."""
        manifest = plain(new)
        try:
            where = self._path_of(manifest)
            live = self._get(where) if operation.ignored else None
            applied = self._apply(where, manifest, operation, live)
        except ApiError as error:
            self._explain(error, manifest, new)
        return self._until_ready(where, applied, manifest, operation)

    def read(self, operation: Operation, known: Properties) -> tuple[Properties, Properties] | None:
        """Gives the object and the inputs that it amounts to; see `drift`."""
        manifest = plain(known)
        try:
            where = self._discovery.path_of(manifest)
            live = self._get(where) if where else None
            if where is None or live is None:
                return None
            if operation.imports:
                return kept(live), _as_inputs(live)
            wanted = self._dry_run(where, manifest, operation)
        except ApiError as error:
            self._explain(error, manifest, known)
        return kept(live), live_inputs(manifest, live, live if wanted is None else wanted)

    def delete(self, operation: Operation, properties: Properties) -> None:
        """Deletes an object, and what belongs to it, and waits until it is gone."""
        manifest = plain(properties)
        policy = _PROPAGATIONS.get(annotation(manifest, _PROPAGATION), "Foreground")
        uid = metadata_of(manifest).get("uid")
        options = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": policy}
        try:
            where = self._discovery.path_of(manifest)
            if where is None:
                return
            # Another's object under the same name isn't ours to delete.
            self._api.request("DELETE", where.path, {}, options | ({"preconditions": {"uid": uid}} if uid else {}))
        except ApiError as error:
            if error.is_not_found or (uid and error.code == _CONFLICT):
                return
            self._explain(error, manifest, properties)
        if annotation(manifest, _SKIP_AWAIT) != "true":
            until_gone(lambda: self._get(where), uid, _subject(manifest), self._patience(operation, manifest))

    def _path_of(self, manifest: dict[str, Any]) -> ObjectPath:
        where = self._discovery.path_of(manifest)
        for pause in _PAUSES_FOR_WHAT_COMES:
            if where is not None or self._stop.wait(pause):
                break
            where = self._discovery.path_of(manifest)
        if where is None:
            raise ProviderError(unknown_kind(_subject(manifest), manifest["apiVersion"]))
        return where

    def _get(self, where: ObjectPath) -> dict[str, Any] | None:
        try:
            return self._api.get(where.path)
        except ApiError as error:
            if error.is_not_found:
                return None
            raise

    def _patiently(self, apply: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        for pause in _PAUSES_FOR_WHAT_COMES:
            try:
                return apply()
            except ApiError as error:
                if not error.lacks_namespace or self._stop.wait(pause):
                    raise
        return apply()

    def _apply(
        self,
        where: ObjectPath | None,
        manifest: dict[str, Any],
        operation: Operation,
        live: dict[str, Any] | None,
        *,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        if where is None:
            raise AssertionError("the path is known")
        body = sent(manifest)
        if live is not None and operation.ignored:
            body = without_ignored(body, live, operation.ignored, operation.manager)
        query = {"fieldManager": operation.manager, "fieldValidation": "Strict"}
        query |= {"dryRun": "All"} if dry_run else {}
        force = self._settings.patch_force or wants_force(manifest)
        try:
            return self._api.request("PATCH", where.path, query | {"force": str(force).lower()}, body, _APPLY)
        except ApiError as error:
            managers = error.conflicting_managers
            if not managers or not are_of_pulumi(managers):
                raise
        # Fields that this very resource set under another provider's name.
        return self._api.request("PATCH", where.path, query | {"force": "true"}, body, _APPLY)

    def _dry_run(self, where: ObjectPath, manifest: dict[str, Any], operation: Operation) -> dict[str, Any] | None:
        query = {"fieldManager": operation.manager, "dryRun": "All", "force": "true"}
        try:
            return self._api.request("PATCH", where.path, query, sent(manifest), _APPLY)
        except ApiError:
            return None  # may not, or can't be applied any more: then only what is there counts

    def _until_ready(
        self, where: ObjectPath, applied: dict[str, Any], manifest: dict[str, Any], operation: Operation
    ) -> Properties:
        if annotation(manifest, _SKIP_AWAIT) == "true":
            return kept(applied)
        if annotation(manifest, _WAIT_FOR):
            self._log.warning(f"{_WAIT_FOR} needs the official plugin; {_subject(manifest)} is awaited as its kind.")
        patience = self._patience(operation, manifest)
        live, missing = until_ready(self._api, where, applied, patience)
        if missing:
            raise UnfinishedError(_unfinished(_subject(manifest), patience), missing, kept(live))
        return kept(live)

    def _patience(self, operation: Operation, manifest: dict[str, Any]) -> Patience:
        given = annotation(manifest, "pulumi.com/timeoutSeconds")
        seconds = operation.seconds or (float(given) if given.isdigit() else 0.0)
        return Patience.of(seconds, self._stop, lambda text: self._log.status(text, operation.urn))

    def _refuse_others(self, live: dict[str, Any], manifest: dict[str, Any], operation: Operation) -> None:
        """Refuses to create what is there already, unless an interrupted creation of ours made it."""
        if is_managed_by(live, operation.manager) or self._settings.upsert:
            return
        raise ProviderError(
            f"{_subject(manifest)} is in the cluster already and isn't this resource's. Take it over with `pulumi "
            "import`, give one of them another name (an alias keeps a renamed resource's identity), or set "
            "upsertExistingObjects of the provider."
        )

    def _explain(self, error: ApiError, manifest: dict[str, Any], properties: Properties) -> NoReturn:
        subject = _subject(manifest)
        if error.lacks_kind:
            raise ProviderError(unknown_kind(subject, manifest["apiVersion"])) from None
        text = explained(error, subject, self._access.context)
        raise ProviderError(_hidden(text, secret_texts(properties))) from None


def _subject(manifest: dict[str, Any]) -> str:
    metadata = metadata_of(manifest)
    namespace = metadata.get("namespace")
    return f"{manifest.get('kind')} {f'{namespace}/' if namespace else ''}{metadata.get('name')}"


def _as_inputs(live: dict[str, Any]) -> dict[str, Any]:
    """Gives an imported object without what only a cluster writes."""
    own = ("name", "namespace", "labels", "annotations")
    metadata = {key: value for key, value in metadata_of(kept(live)).items() if key in own}
    return {key: value for key, value in live.items() if key not in ("status", "metadata")} | {"metadata": metadata}


def _unfinished(subject: str, patience: Patience) -> str:
    if patience.is_cancelled:
        why = "the update was interrupted while waiting for it"
    elif patience.is_over:
        why = f"it isn't ready after {time.monotonic() - patience.began:.0f} s"
    else:
        why = "waiting longer is of no use"
    return f"{subject} was applied, but {why}"


def _hidden(text: str, secrets: Iterable[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "[secret]")
    return text
