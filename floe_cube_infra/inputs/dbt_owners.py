"""Whom dbt names to be asked: owners of groups and exposures, and `meta.owner`, which people write as they like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec


class Owner(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Whom to ask; other fields, such as a chat's channel, are ignored."""

    name: str | None = None
    email: str | list[str] | None = None

    @property
    def emails(self) -> tuple[str, ...]:
        """All addresses."""
        return (self.email,) if isinstance(self.email, str) else tuple(self.email or ())


def meta_owners(meta: Mapping[str, Any]) -> Iterator[Owner]:
    """The owners in a node's meta: a text, a mapping as a group's owner has it, or a list of those.

    What is none of these is left out: `meta` belongs to the project, and may mean anything.
    """
    given = meta.get("owner")
    for each in given if isinstance(given, list) else [given]:
        if isinstance(each, str) and each.strip():
            text = each.strip()
            is_address = "@" in text[1:] and not any(letter.isspace() for letter in text)
            yield Owner(email=text) if is_address else Owner(name=text)
        elif isinstance(each, dict):
            try:
                yield msgspec.convert(each, Owner)
            except msgspec.ValidationError:
                continue
