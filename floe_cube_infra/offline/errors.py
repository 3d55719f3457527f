"""Errors that a provider tells the user."""

from __future__ import annotations

from google.protobuf.message import Message


class ProviderError(Exception):
    """A sentence for the user: what was given, what is allowed, what to do. It never holds a secret value."""


class NotSupportedError(ProviderError):
    """Something that only the official plugin can do."""


class DetailedError(ProviderError):
    """An error with a message of Pulumi's protocol that tells the engine what to make of it.

    Attributes:
        details: The message, such as `ErrorResourceInitFailed`.
    """

    def __init__(self, text: str, details: Message) -> None:
        super().__init__(text)
        self.details = details
