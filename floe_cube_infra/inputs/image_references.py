"""What an image's reference means, as container runtimes read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")

_PARTS: Final = re.compile(
    r"(?P<repository>[a-z0-9][a-z0-9._:/-]*?)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?"
    rf"(?:@(?P<digest>{DIGEST.pattern}))?"
)
_HUB: Final = "docker.io"


@dataclass(frozen=True, kw_only=True)
class ImageReference:
    """A reference, taken apart.

    Attributes:
        repository: As it was written, such as `docker.io/cubejs/cube` or `traefik`.
        tag: The tag; None where only a digest was given.
        digest: The digest, `sha256:` and 64 digits; None where none was given.
    """

    repository: str
    tag: str | None
    digest: str | None

    def __str__(self) -> str:
        return self.tagged if self.digest is None else f"{self.tagged}@{self.digest}"

    @property
    def tagged(self) -> str:
        """The reference without its digest."""
        return self.repository if self.tag is None else f"{self.repository}:{self.tag}"

    @property
    def host(self) -> str:
        """The registry's host, with its port where it has one."""
        return self._host_and_path[0]

    @property
    def path(self) -> str:
        """The repository's name within its registry."""
        return self._host_and_path[1]

    @property
    def _host_and_path(self) -> tuple[str, str]:
        first, slash, rest = self.repository.partition("/")
        if not slash or not (set(first) & {".", ":"} or first == "localhost"):
            first, rest = _HUB, self.repository
        if first == _HUB and "/" not in rest:
            rest = f"library/{rest}"
        return first, rest


def parse_reference(text: str) -> ImageReference | None:
    """Takes a reference apart; None if it is none."""
    match = _PARTS.fullmatch(text)
    return None if match is None else ImageReference(**match.groupdict())
