"""How names, label keys and label values are spelt.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ and `.../labels/`.
"""

from __future__ import annotations

import re
from typing import Final

_LABEL: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_LABEL_1035: Final = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_QUALIFIED: Final = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
_LONGEST_LABEL: Final = 63
_LONGEST_SUBDOMAIN: Final = 253


def not_a_label(name: str) -> str | None:
    """Says why `name` isn't a DNS-1123 label, or gives None if it is one."""
    if len(name) <= _LONGEST_LABEL and _LABEL.fullmatch(name):
        return None
    return (
        f"{name!r} isn't a DNS-1123 label: use at most 63 lower case letters, digits and '-', with a letter "
        "or digit at both ends"
    )


def not_a_1035_label(name: str) -> str | None:
    """Says why `name` isn't a DNS-1035 label, or gives None if it is one."""
    if len(name) <= _LONGEST_LABEL and _LABEL_1035.fullmatch(name):
        return None
    return (
        f"{name!r} isn't a DNS-1035 label: use at most 63 lower case letters, digits and '-', with a letter "
        "first and a letter or digit last"
    )


def not_a_subdomain(name: str) -> str | None:
    """Says why `name` isn't a DNS-1123 subdomain, or gives None if it is one."""
    if len(name) <= _LONGEST_SUBDOMAIN and _SUBDOMAIN.fullmatch(name):
        return None
    return (
        f"{name!r} isn't a DNS-1123 subdomain: use at most 253 lower case letters, digits, '-' and '.', with "
        "a letter or digit at both ends of each part"
    )


def not_a_path_segment(name: str) -> str | None:
    """Says why `name` can't stand in a URL, which is all that RBAC objects ask, or gives None if it can."""
    if name not in {"", ".", ".."} and not set(name) & {"/", "%"}:
        return None
    return f"{name!r} can't be a name: it mustn't be '.' or '..', nor hold '/' or '%'"


def not_a_qualified_name(key: str) -> str | None:
    """Says why `key` can't be the key of a label or annotation, or gives None if it can."""
    prefix, slash, name = key.rpartition("/")
    if slash and not_a_subdomain(prefix):
        return f"the prefix of {key!r} must be a DNS-1123 subdomain, such as example.com in example.com/name"
    if len(name) <= _LONGEST_LABEL and _QUALIFIED.fullmatch(name):
        return None
    return (
        f"{key!r} isn't a qualified name: after an optional 'prefix/', use at most 63 letters, digits, '-', "
        "'_' and '.', with a letter or digit at both ends"
    )


def not_a_label_value(value: str) -> str | None:
    """Says why `value` can't be a label's value, or gives None if it can; an empty one can."""
    if not value or (len(value) <= _LONGEST_LABEL and _QUALIFIED.fullmatch(value)):
        return None
    return (
        f"{value!r} isn't a label value: use at most 63 letters, digits, '-', '_' and '.', with a letter or "
        "digit at both ends"
    )
