"""Where objects go: what the provider asks of a place, and the place that takes none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn, Protocol

from floe_cube_infra.offline.errors import ProviderError
from floe_cube_infra.offline.kubernetes.validation.findings import Problem
from floe_cube_infra.offline.property_path import Path
from floe_cube_infra.offline.wire import Properties


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What the engine says of an operation beside the object.

    Attributes:
        urn: The resource.
        seconds: How long to wait, by the resource's customTimeouts; 0 where it has none.
        ignored: The properties under ignoreChanges.
        manager: The field manager to apply the object under.
        imports: Whether an object is asked for by its name alone, so that nothing of its content is known.
    """

    urn: str
    manager: str = ""
    seconds: float = 0.0
    ignored: tuple[Path, ...] = ()
    imports: bool = False


class UnfinishedError(ProviderError):
    """An object is in its place and not ready: the engine keeps it, and the next update waits for it again.

    Attributes:
        reasons: What it lacks.
        live: The object as it was last seen.
    """

    def __init__(self, text: str, reasons: list[str], live: Properties) -> None:
        super().__init__(text)
        self.reasons = reasons
        self.live = live


class Target(Protocol):
    """A place that holds objects, such as a folder of files or a cluster.

    Every method may raise `ProviderError`, with a sentence for the user.
    """

    @property
    def description(self) -> str:
        """What the user should know of the place: a sentence that begins with the provider."""

    def refusals(self, urn: str, properties: Properties) -> list[Problem]:
        """Gives what keeps the place from taking an object; parts of it may not be known yet."""

    def preview(self, operation: Operation, old: Properties | None, new: Properties) -> None:
        """Tries whether the place would take an object, and keeps nothing.

        Args:
            operation: The resource, and what it asks for.
            old: The object of before; None for a new one.
            new: The object; parts of it may not be known yet.
        """

    def create(self, operation: Operation, properties: Properties) -> Properties:
        """Takes a new object and gives it as it is there.

        Raises:
            UnfinishedError: It is there, and isn't ready.
        """

    def update(self, operation: Operation, old: Properties, new: Properties) -> Properties:
        """Changes an object in place and gives it as it is there.

        Raises:
            UnfinishedError: It is changed, and isn't ready.
        """

    def read(self, operation: Operation, known: Properties) -> tuple[Properties, Properties] | None:
        """Gives the object as it is now and the inputs that it amounts to, or None if it is gone.

        Args:
            operation: The resource.
            known: What is known of it: at least its type, name and namespace. Values that the place can't
                give back are taken from here.
        """

    def delete(self, operation: Operation, properties: Properties) -> None:
        """Removes an object; one that is gone already is no error."""

    def cancel(self) -> None:
        """Ends what takes its time."""


class Nowhere:
    """The place without a place: everything can be previewed, nothing can be done."""

    description = (
        "has nowhere to put objects, so that only previews work; give it a kubeconfig, or set "
        "kubernetes:renderYamlToDirectory"
    )

    def refusals(self, urn: str, properties: Properties) -> list[Problem]:  # noqa: ARG002
        """Refuses nothing, so that previews work."""
        return []

    def preview(self, operation: Operation, old: Properties | None, new: Properties) -> None:
        """Takes everything."""

    def create(self, operation: Operation, properties: Properties) -> Properties:  # noqa: ARG002
        """Raises `ProviderError`."""
        self._refuse()

    def update(self, operation: Operation, old: Properties, new: Properties) -> Properties:  # noqa: ARG002
        """Raises `ProviderError`."""
        self._refuse()

    def read(
        self,
        operation: Operation,  # noqa: ARG002
        known: Properties,  # noqa: ARG002
    ) -> tuple[Properties, Properties] | None:
        """Raises `ProviderError`."""
        self._refuse()

    def delete(self, operation: Operation, properties: Properties) -> None:  # noqa: ARG002
        """Raises `ProviderError`."""
        self._refuse()

    def cancel(self) -> None:
        """Has nothing to end."""

    def _refuse(self) -> NoReturn:
        raise ProviderError(
            "The offline Kubernetes provider has neither a cluster nor a folder. Give it a kubeconfig with a current "
            "context (KUBECONFIG, or ~/.kube/config), or a folder to render YAML files into: "
            "`pulumi config set kubernetes:renderYamlToDirectory FOLDER` (or renderYamlToDirectory of the Provider)."
        )
