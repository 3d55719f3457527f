"""`floe-cube token`: a token for development, or what a given one would see."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, TextIO

import typer

from floe_cube_infra.cli.options import StackFile
from floe_cube_infra.cli.token_rules import default_document, document_of_stack, read_json_object, rules_for
from floe_cube_infra.errors import SettingsError
from floe_cube_infra.inputs.settings import Settings, from_stack_file

GUARDED_ENVIRONMENTS: Final = ("staging", "prod")
_CLAIM: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.+)", re.DOTALL)
_INTEGER: Final = re.compile(r"-?[0-9]{1,16}")
_TTL: Final = re.compile(r"([1-9][0-9]{0,6})([smhd])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# As cube.js takes it from a header.
_BEARER: Final = re.compile(r"(?:bearer +)?([^\s,]+)", re.IGNORECASE)

ClaimValue = str | int | bool
Claims = Annotated[
    list[str] | None,
    typer.Option("--claim", help='A claim, name=value; several values as name=a,b or name=["a","b"]. Repeatable.'),
]
Roles = Annotated[list[str] | None, typer.Option("--role", help="A role. Repeatable.")]
User = Annotated[str, typer.Option("--user", help="The user (sub).")]
Ttl = Annotated[str, typer.Option("--ttl", help="How long it holds: a number with s, m, h or d; 30d at most.")]
SecretEnv = Annotated[
    str | None,
    typer.Option("--secret-env", help="The variable with the secret; CUBEJS_API_SECRETS, else CUBEJS_API_SECRET."),
]
SecretFile = Annotated[Path | None, typer.Option("--secret-file", help="A file with the secret.")]
Explain = Annotated[
    str | None, typer.Option("--explain", help="Explain this token instead; - reads it from standard input.")
]
Rules = Annotated[
    Path | None, typer.Option("--rules", help="With --explain: the generated settings.json of the Cube in question.")
]
KeySet = Annotated[
    Path | None, typer.Option("--key-set", help="With --explain: a file with the public keys that verify (JWKS).")
]
Yes = Annotated[bool, typer.Option("--yes", help="Make a token even for a stack of the environment staging or prod.")]


def token(
    claim: Claims = None,
    role: Roles = None,
    user: User = "developer",
    ttl: Ttl = "1h",
    stack_file: StackFile = None,
    secret_env: SecretEnv = None,
    secret_file: SecretFile = None,
    explain: Explain = None,
    rules: Rules = None,
    key_set: KeySet = None,
    yes: Yes = False,
) -> None:
    """Print a token for development, or say what a given one would see and why it would be refused.

    A new token alone goes to standard output, what it means to standard error. An explained one ends with exit
    code 1 if it would be refused. Without a stack file the rules are those of a stack that sets nothing.
    """
    if secret_env is not None and secret_file is not None:
        raise typer.BadParameter("give either --secret-env or --secret-file")
    settings = from_stack_file(stack_file) if stack_file is not None else None
    if explain is not None:
        if claim or role or (rules is not None and settings is not None):
            raise typer.BadParameter("--explain goes with neither --claim nor --role, and with one of --rules and -s")
        document = read_json_object(rules, "rules") if rules is not None else _document(settings)
        _explain(_given_token(explain), document, secret_env, secret_file, key_set)
        return
    if rules is not None or key_set is not None:
        raise typer.BadParameter("--rules and --key-set go with --explain only")
    claims, seconds = given_claims(claim or []), given_seconds(ttl)
    if settings is not None and settings.environment in GUARDED_ENVIRONMENTS and not yes:
        raise SettingsError(
            f"{stack_file} is a stack of the environment {settings.environment}: a token made here opens its data to "
            "whoever has it. Let its identity provider issue tokens; --yes makes one all the same."
        )
    # Without a stack nobody but the user knows which claims it demands.
    document = _document(settings) if settings is not None or not claims else default_document(list(claims))
    _mint(claims, document, secret_env, secret_file, user=user, roles=role or [], seconds=seconds)


def _document(settings: Settings | None) -> Mapping[str, Any]:
    return default_document() if settings is None else document_of_stack(settings)


def _mint(
    claims: Mapping[str, str | list[str]],
    document: Mapping[str, Any],
    secret_env: str | None,
    secret_file: Path | None,
    *,
    user: str,
    roles: Sequence[str],
    seconds: int,
) -> None:
    # Imported here, as below: other commands start a tenth of a second sooner without cryptography.
    from floe_cube_infra.security.explain import explain  # noqa: PLC0415
    from floe_cube_infra.security.mint import mint  # noqa: PLC0415

    rules, now = rules_for(document, secret_env, secret_file, None), time.time()
    minted = mint(typed_claims(claims, rules.claim_types), rules, user=user, roles=roles, ttl_seconds=seconds, now=now)
    _print_lines(explain(minted, rules, now), sys.stderr)
    print(minted)


def typed_claims(
    claims: Mapping[str, str | list[str]], types: Mapping[str, str]
) -> dict[str, ClaimValue | list[ClaimValue]]:
    """Claims as the stack demands them: on a command line everything is a text."""

    def typed(value: str, type_: str | None) -> ClaimValue:
        if type_ == "number" and _INTEGER.fullmatch(value):
            return int(value)
        return value == "true" if type_ == "boolean" and value in ("true", "false") else value

    result: dict[str, ClaimValue | list[ClaimValue]] = {}
    for name, given in claims.items():
        type_ = types.get(name)
        result[name] = typed(given, type_) if isinstance(given, str) else [typed(one, type_) for one in given]
    return result


def _explain(
    text: str, document: Mapping[str, Any], secret_env: str | None, secret_file: Path | None, key_set: Path | None
) -> None:
    from floe_cube_infra.security.errors import TokenError  # noqa: PLC0415
    from floe_cube_infra.security.explain import explain  # noqa: PLC0415
    from floe_cube_infra.security.verify import verify  # noqa: PLC0415

    rules, now = rules_for(document, secret_env, secret_file, key_set), time.time()
    if not rules.uses_secrets and key_set is None:
        raise SettingsError("Public keys verify the tokens that these rules take; give them with --key-set.")
    _print_lines(explain(text, rules, now), sys.stdout)
    try:
        verify(text, rules, now)
    except TokenError:
        raise typer.Exit(1) from None


def _given_token(text: str) -> str:
    """The token, without blanks around it and without "Bearer"."""
    # Bytes that are no text become characters that no token has, and so a refusal.
    given = sys.stdin.buffer.read().decode("utf-8", "replace") if text == "-" else text
    match = _BEARER.fullmatch(given.strip())
    return match[1] if match else given.strip()


def given_claims(given: Sequence[str]) -> dict[str, str | list[str]]:
    """Claims as they were given: a text for one value, a list for several."""
    collected: dict[str, list[str]] = {}
    several: set[str] = set()
    for one in given:
        match = _CLAIM.fullmatch(one)
        if match is None:
            raise typer.BadParameter("a claim is written name=value, with a name of [A-Za-z_][A-Za-z0-9_]*")
        name, value = match.groups()
        if name == "roles":
            raise typer.BadParameter("roles are given by --role")
        values, is_list = _values(name, value)
        if is_list or name in collected:
            several.add(name)
        collected.setdefault(name, []).extend(values)
    return {name: values if name in several else values[0] for name, values in collected.items()}


def _values(name: str, value: str) -> tuple[list[str], bool]:
    if value.startswith("["):
        try:
            values = json.loads(value)
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, list) or not values or not all(isinstance(one, str) for one in values):
            raise typer.BadParameter(
                f'the value of the claim {name} begins with [ but is no JSON list such as ["a","b"]'
            )
        return values, True
    values = value.split(",")
    if "" in values:
        raise typer.BadParameter(f"the claim {name} has an empty value; several values are written {name}=a,b")
    return values, len(values) > 1


def given_seconds(ttl: str) -> int:
    """The seconds of a time to live such as 90s or 1h."""
    match = _TTL.fullmatch(ttl)
    if match is None:
        raise typer.BadParameter("--ttl is a whole number with s, m, h or d, such as 90s, 30m, 1h or 7d")
    return int(match[1]) * _SECONDS[match[2]]


def _print_lines(lines: Iterable[str], stream: TextIO) -> None:
    encoding = stream.encoding or "utf-8"
    for line in lines:
        # For an output that isn't UTF-8.
        print(line.encode(encoding, "backslashreplace").decode(encoding), file=stream)
