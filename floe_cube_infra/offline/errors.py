"""Errors that a provider tells the user."""

from __future__ import annotations


class ProviderError(Exception):
    """A sentence for the user: what was given, what is allowed, what to do. It never holds a secret value."""


class NotSupportedError(ProviderError):
    """Something that only the official plugin can do."""
