"""What is asked, and what is expected of it: from a stack's outputs, and from addresses that somebody gave."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from pydantic import ValidationError

from floe_cube_infra.errors import LandingError
from floe_cube_infra.inputs.problems import problems_of, shown
from floe_cube_infra.model.stack_outputs import VERSION, StackOutputs
from floe_cube_infra.naming import CONTENT_HASH_LENGTH
from floe_cube_infra.render.files import model_version

PATH: Final = "/cubejs-api"
_HASH: Final = re.compile(rf"[0-9a-f]{{{CONTENT_HASH_LENGTH}}}")
_MODEL_FILES: Final = (".yml", ".access.json")
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a stack answers, and which model it has to serve.

    Attributes:
        api: The address of Cube's API, which ends with `/cubejs-api`.
        model_version: The hash of the expected model.
        health: Cube's `/readyz`; None where the address leads to the API only.
        pod: What a pod tells Kubernetes, `/ready` at port 4010; None where it can't be asked.
        has_sql: Whether SQL is answered; None where nobody knows.
        sql: The SQL API's address for `psql`, without user; None where it can't be asked.
        sql_tls: Whether it has to speak TLS.
    """

    api: str
    model_version: str
    health: str | None = None
    pod: str | None = None
    has_sql: bool | None = None
    sql: str | None = None
    sql_tls: bool = False


def target(
    outputs: StackOutputs | None,
    *,
    url: str | None = None,
    model: str | None = None,
    pod: str | None = None,
    sql: str | None = None,
) -> Target:
    """Puts together what is known.

    Args:
        outputs: The stack's; they say what the rest leaves open.
        url: Cube's address, instead of the stack's own from outside or else within the cluster.
        model: A hash, or a folder that `floe-cube generate` wrote, instead of what the stack says of itself.
        pod: The address of a pod's `/ready`.
        sql: The address of the SQL API.

    Raises:
        LandingError: It isn't enough, or an address is none that a token may be sent to.
    """
    problems = [
        *([] if outputs or url else ["Which Cube is it? Give --outputs, or --url."]),
        *([] if outputs or model else ["Which model is expected? Give --outputs, or --model with a folder or hash."]),
        *(_address_problems(url, "--url") if url else ()),
        *(_address_problems(pod, "--ready-url") if pod else ()),
        *(_sql_problems(sql) if sql else ()),
    ]
    if problems:
        raise LandingError("The landing can't be checked:", problems)
    public = outputs.public_rest_endpoint if outputs else None
    inside = outputs.rest_endpoint if outputs else ""
    api = _api(url or public or inside)
    is_outside = url is None and public is not None
    told_sql = outputs.sql_endpoint if outputs and url is None and not is_outside else None
    return Target(
        api=api,
        model_version=_expected(model) if model else outputs.model_version if outputs else "",
        health=None if is_outside else f"{api.removesuffix(PATH)}/readyz",
        pod=pod,
        has_sql=None if outputs is None else outputs.sql_endpoint is not None,
        sql=sql or told_sql,
        sql_tls=outputs is not None and outputs.sql_tls,
    )


def read_outputs(text: str, name: str) -> StackOutputs:
    """A stack's outputs from what `pulumi stack output --json` wrote.

    Args:
        text: The JSON.
        name: What it is called in messages.

    Raises:
        LandingError: It is something else, or the stack is switched off.
    """
    try:
        values: Any = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict) or "version" not in values:
        raise LandingError(
            f"{name} holds no outputs of a consumption layer: write it with `pulumi stack output --json --stack STACK`."
        )
    return _outputs(values, name)


def _outputs(values: Mapping[str, Any], name: str) -> StackOutputs:
    if values["version"] != VERSION:
        raise LandingError(
            f"The outputs in {name} have version {shown(values['version'])}, and this floe-cube reads version "
            f"{VERSION}. Use the release that updated the stack."
        )
    if values.get("status") == "disabled":
        raise LandingError(f"The stack of {name} is switched off (consumption.enabled is false): nothing can land.")
    try:
        return StackOutputs.model_validate(values)
    except ValidationError as error:
        problems = [problem.removeprefix("$.") for problem in problems_of(error, StackOutputs)]
        raise LandingError(f"The outputs in {name} are wrong:", problems) from None


def _api(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix('/v1').removesuffix(PATH)}{PATH}"


def _address_problems(address: str, option: str) -> list[str]:
    parts = _split(address)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return [f"{option} is no http or https address, such as http://127.0.0.1:4000."]
    if parts.username is not None or parts.password is not None:
        return [f"{option} holds a user or password: leave them out; the token comes from a variable."]
    if parts.scheme == "http" and not _is_near(parts.hostname):
        return [f"{option} would send the token in the clear: http is for this machine and within the cluster only."]
    return []


def _sql_problems(address: str) -> list[str]:
    parts = _split(address)
    if parts is None or parts.scheme not in ("postgresql", "postgres") or not parts.hostname:
        return ["--sql-url is no PostgreSQL address, such as postgresql://127.0.0.1:15432/cube."]
    if parts.username is not None or "password" in parts.query:
        return ["--sql-url holds a user or password: leave them out; the token is both."]
    return []


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - refuses what is no number
    except ValueError:
        return None
    return parts


def _is_near(host: str) -> bool:
    return host in _LOOPBACK or "." not in host or host.endswith((".svc", ".svc.cluster.local"))


def _expected(model: str) -> str:
    if _HASH.fullmatch(model):
        return model
    folder = Path(model)
    try:
        found = {path.as_posix(): path for path in (folder / "model").rglob("*") if path.name.endswith(_MODEL_FILES)}
        texts = {name: path.read_text(encoding="utf-8") for name, path in found.items()}
    except (OSError, UnicodeDecodeError):
        texts = {}
    if not texts:
        raise LandingError(
            f"--model {model} is neither a hash such as the output modelVersion nor a folder that "
            "`floe-cube generate` wrote."
        )
    return model_version(texts)
