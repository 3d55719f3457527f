"""Waiting for an object until it is ready, or gone: by looking again, until time is up or the user interrupts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Final

from floe_cube_infra.offline.errors import ProviderError
from floe_cube_infra.offline.kubernetes.cluster.api_errors import ApiError, UnreachableError
from floe_cube_infra.offline.kubernetes.cluster.discovery import ObjectPath, Reader
from floe_cube_infra.offline.kubernetes.cluster.surroundings import Surroundings

# The official provider's.
_SECONDS: Final = 600.0
_PAUSES: Final = (0.1, 0.2, 0.3, 0.5)
_LONGEST_PAUSE: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait, and whom to tell.

    Attributes:
        began: When, on the monotonic clock.
        seconds: For how long.
        stop: Set by the user's interrupt.
        tell: Takes what is waited for, each time that it changes.
    """

    seconds: float
    stop: Event
    tell: Callable[[str], None]
    began: float = field(default_factory=time.monotonic)

    @classmethod
    def of(cls, seconds: float, stop: Event, tell: Callable[[str], None]) -> Patience:
        """Gives the patience for `seconds`; 0 for the ten minutes that the official provider waits."""
        return cls(seconds=seconds or _SECONDS, stop=stop, tell=tell)

    @property
    def is_cancelled(self) -> bool:
        """Whether the user interrupted."""
        return self.stop.is_set()

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() - self.began >= self.seconds

    def looks(self) -> Iterator[None]:
        """Comes back at growing intervals, at least once, until time is up or the user interrupts."""
        pauses = iter(_PAUSES)
        while True:
            yield
            if self.is_over or self.stop.wait(next(pauses, _LONGEST_PAUSE)):
                return


def until_ready(
    api: Reader, where: ObjectPath, applied: dict[str, Any], patience: Patience
) -> tuple[dict[str, Any], list[str]]:
    """Waits until an object is ready.

    Args:
        api: The server.
        where: The object.
        applied: The object as it was given back when it was applied.
        patience: How long.

    Returns:
        The object as it was last seen, and what it lacks: empty if it is ready.
    """
    live, missing, told = applied, [""], ""
    surroundings = Surroundings(api, applied)
    generation = applied["metadata"].get("generation", 0)
    for _ in patience.looks():
        try:
            live = api.get(where.path)
            seen = surroundings.readiness(live)
            if seen.is_ready and live["metadata"].get("generation", 0) >= generation:
                return live, []
            missing = [*seen.missing, *surroundings.reasons(live)]
        except UnreachableError as error:
            missing = [str(error)]
        except ApiError as error:
            missing = [f"it can't be looked at ({error.code} {error.reason}): {error.message}"]
            if not error.is_not_found:
                return live, missing
        else:
            if seen.hopeless:
                return live, missing
        if missing[0] != told:
            told = missing[0]
            patience.tell(f"Waiting: {told}")
    return live, missing


def until_gone(look: Callable[[], dict[str, Any] | None], uid: str | None, subject: str, patience: Patience) -> None:
    """Waits until an object is gone.

    Args:
        look: Gives the object, or None if it isn't there.
        uid: The object's; another one under its name counts as gone.
        subject: The object, for the message.
        patience: How long.

    Raises:
        ProviderError: It is still there; the message says what keeps it.
    """
    why = ""
    for _ in patience.looks():
        try:
            live = look()
        except UnreachableError as error:
            why = str(error)
            continue
        except ApiError as error:
            raise ProviderError(f"{subject} is being deleted, and can't be looked at: {error.message}.") from None
        if live is None or (uid and live["metadata"].get("uid") != uid):
            return
        why = _what_keeps(live)
        patience.tell(f"Waiting for its end{f': {why}' if why else ''}")
    end = "the update was interrupted" if patience.is_cancelled else f"it is still there after {patience.seconds:.0f} s"
    raise ProviderError(f"{subject} is being deleted, but {end}{f'; {why}' if why else ''}.")


def _what_keeps(live: dict[str, Any]) -> str:
    conditions = (live.get("status") or {}).get("conditions") or []
    told = [
        str(item.get("message"))
        for item in conditions
        if item.get("status") == "True" and item.get("type", "").startswith(("Namespace", "NamespaceFinalizers"))
    ]
    finalizers = live["metadata"].get("finalizers") or []
    return "; ".join([*told, *([f"finalizers: {', '.join(finalizers)}"] if finalizers else [])])
