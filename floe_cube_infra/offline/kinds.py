"""What a small provider has to know of each type of resource: how one is made, read, changed and removed."""

# ruff: noqa: ARG002 - what a kind may need of its arguments, not each one does

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from floe_cube_infra.offline.wire import Plain

Plains = dict[str, Plain]
"""Properties without secrets and unknowns, in Pulumi's spelling."""


class Kind(ABC):
    """A type of resource.

    Attributes:
        takes: The inputs that it understands; any other is refused.
        fixed: The inputs whose change needs a new resource.
        told_later: The outputs that only an update tells.
        secret: The outputs that are secret whatever the inputs are.
    """

    takes: ClassVar[frozenset[str]]
    fixed: ClassVar[frozenset[str]] = frozenset()
    told_later: ClassVar[tuple[str, ...]] = ()
    secret: ClassVar[frozenset[str]] = frozenset()

    def problems(self, inputs: Plains) -> Iterator[str]:
        """What is wrong with the inputs, apart from unknown keys; values may be `UNKNOWN`."""
        yield from ()

    @abstractmethod
    def create(self, inputs: Plains) -> str:
        """Makes one, and gives its id."""

    @abstractmethod
    def read(self, identifier: str, state: Plains) -> Plains | None:
        """Gives inputs and outputs as they are now; None if there is none.

        Args:
            identifier: Its id.
            state: What is known of it; empty where it is read by its id only.
        """

    @abstractmethod
    def update(self, identifier: str, inputs: Plains) -> None:
        """Changes it in place."""

    @abstractmethod
    def delete(self, identifier: str, state: Plains) -> None:
        """Removes it; one that is gone is no error."""
