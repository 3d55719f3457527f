"""A secret in a pod's description or in a ConfigMap is read by everyone who may look at the namespace.

Names tell most of them, forms the rest. Messages say where one is, never what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from pulumi_policy import ReportViolation, ResourceValidationArgs, ResourceValidationPolicy
from pulumi_policy.proxy import UnknownValueError

from floe_cube_policies.pods import Properties, all_containers, kind_of

_NAMES: Final = re.compile(
    r"(^|_)(PASS|[A-Z0-9]*PASSWORD|PASSPHRASE|SECRETS?|[A-Z]*TOKEN|CREDENTIALS|KEY)$", re.IGNORECASE
)
_HARMLESS: Final = re.compile(
    # Switches whose names only look like it; files, which lie in mounted Secrets; variables of other variables.
    r"|true|false|/\S*|\$\([A-Za-z_][A-Za-z0-9_]*\)",
    re.IGNORECASE,
)
_FORMS: Final = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "an address with a password": re.compile(
        r"\b[a-z][a-z0-9+.-]*://[^\s/:@\"'`$]*:(?!\$\()[^\s/@\"'`${}]+@", re.IGNORECASE
    ),
    "an access key of AWS": re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a password": re.compile(
        r"(--|[?;&])[a-z0-9_.-]*(password|passphrase|secret|token)=(?!\$\()[^\s\"'`$]+", re.IGNORECASE
    ),
}


def _validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
    found = [*_in_config_map(args.props)] if kind_of(args.resource_type) == "ConfigMap" else []
    for container in all_containers(args.resource_type, args.props):
        found += [f"the container {container.get('name')}: {where}" for where in _in_container(container)]
    for where in found:
        report(
            f"There is a secret in clear in {where}. Put it into a Secret, and refer to it (valueFrom.secretKeyRef).",
            None,
        )


def _in_container(container: Properties) -> Iterator[str]:
    for variable in container.get("env") or ():
        value = _known(variable, "value")
        kind = _kind(str(variable.get("name", "")), value)
        if kind is not None:
            yield f"the variable {variable.get('name')} ({kind})"
    for part in ("command", "args"):
        words = container.get(part) or ()
        for index in range(len(words)):
            if (kind := _form(_known(words, index))) is not None:
                yield f"its {part} ({kind})"


def _in_config_map(properties: Properties) -> Iterator[str]:
    data = properties.get("data") or {}
    for key in data:
        kind = _kind(key, _known(data, key))
        if kind is not None:
            yield f"the key {key} of a ConfigMap ({kind})"


def _known(of: Any, key: str | int) -> str:  # noqa: ANN401 - a mapping or a sequence
    """A value; empty while a preview can't know it, since one unknown value hides no other."""
    try:
        return str(of[key])
    except (KeyError, UnknownValueError):
        return ""


def _kind(name: str, value: str) -> str | None:
    if _NAMES.search(name) and not _HARMLESS.fullmatch(value):
        return "by its name"
    return _form(value)


def _form(value: str) -> str | None:
    return next((kind for kind, form in _FORMS.items() if form.search(value)), None)


NO_PLAINTEXT_SECRETS = ResourceValidationPolicy(
    name="no-plaintext-secrets",
    description="Passwords, tokens and keys are in Secrets, not in variables, arguments or ConfigMaps.",
    validate=_validate,
)
