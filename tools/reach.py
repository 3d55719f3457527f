"""Whether a download server answers; that it doesn't is remembered for a day."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.download import why_unreachable

_REMEMBERED_SECONDS = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Asks servers, and keeps bad news: a machine without internet waits once a day, not at every start.

    Attributes:
        memory: The JSON file that keeps them; `make clean` removes it.
        ask: Gives None or why a URL can't be had.
    """

    memory: Path
    ask: Callable[[str], str | None] = why_unreachable

    def why_not(self, urls: Sequence[str]) -> str | None:
        """None where one of the URLs answers, else why the last of them doesn't."""
        key = " ".join(urls)
        if (known := self._known().get(key)) is not None:
            return known
        why: str | None = None
        for url in urls:
            why = self.ask(url)
            if why is None:
                return None
        if why is not None:
            self.remember(urls, why)
        return why

    def remember(self, urls: Sequence[str], why: str) -> None:
        """Keeps, for a day, why these URLs are of no use."""
        known = {key: {"why": reason, "since": since} for key, (reason, since) in self._entries().items()}
        known[" ".join(urls)] = {"why": why, "since": time.time()}
        self.memory.parent.mkdir(parents=True, exist_ok=True)
        self.memory.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")

    def _known(self) -> dict[str, str]:
        return {key: why for key, (why, _) in self._entries().items()}

    def _entries(self) -> dict[str, tuple[str, float]]:
        try:
            content = json.loads(self.memory.read_text(encoding="utf-8"))
            entries = {key: (str(entry["why"]), float(entry["since"])) for key, entry in content.items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            # Only a memory: what can't be read is asked again.
            return {}
        now = time.time()
        return {key: entry for key, entry in entries.items() if 0 <= now - entry[1] < _REMEMBERED_SECONDS}
