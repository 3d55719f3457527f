"""What `floe-cube dev` needs before Cube can run: Node, packages, the database, ports and a token."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from floe_cube_infra.cli.ready_cube import Ready
from floe_cube_infra.cli.token import typed_claims
from floe_cube_infra.errors import LocalCubeError
from floe_cube_infra.generation import Generated
from floe_cube_infra.local_cube.addon import fetch_addon
from floe_cube_infra.local_cube.database import database_variables, prepare_database
from floe_cube_infra.local_cube.node import Node, find_node
from floe_cube_infra.local_cube.packages import own_lock, provide_packages
from floe_cube_infra.local_cube.ports import LOOPBACK, usable_port
from floe_cube_infra.local_cube.questions import choose, value_of_claim
from floe_cube_infra.local_cube.server import CubeProcess
from floe_cube_infra.security.mint import mint
from floe_cube_infra.security.rules import rules_from_settings

if TYPE_CHECKING:
    from floe_cube_infra.cli.dev_report import DevReport

# What a cluster has and a laptop hasn't, or has otherwise. Developer mode's playground would sign any token.
_OF_A_CLUSTER: Final = ("CUBEJS_DEV_MODE", "CUBEJS_PG_SQL_PORT", "NODE_OPTIONS", "PORT", "CUBEJS_CUBESTORE_")
_NOT_INHERITED: Final = ("CUBEJS_", "CUBESQL_", "CUBESTORE_", "NODE_ENV")


@dataclass(frozen=True, kw_only=True)
class Access:
    """For whom the token is.

    Attributes:
        claims: The claims as they were given.
        roles: Their roles.
        user: Their name.
        seconds: How long it holds.
    """

    claims: Mapping[str, str | list[str]]
    roles: Sequence[str]
    user: str
    seconds: int


def start(
    generated: Generated,
    folder: Path,
    access: Access,
    report: DevReport,
    *,
    port: int,
    sql_port: int,
    stand_in: Path | None,
) -> Ready:
    """Gets all that Cube needs, and says what takes long.

    Args:
        generated: The files that were written into the folder.
        folder: Cube's working directory.
        access: For whom the token is.
        report: Who tells the user.
        port: For REST and GraphQL; 0 for any.
        sql_port: For the SQL API; 0 for any.
        stand_in: JavaScript that stands in for the addon.

    Raises:
        LocalCubeError: Something is missing, or the database doesn't answer.
    """
    plain = {name: value for name, value in generated.environment.items() if isinstance(value, str)}
    database = database_variables(plain, os.environ)
    port = usable_port(port, "Cube", "--port")
    sql_port = usable_port(sql_port, "Cube's SQL API", "--sql-port")
    node = find_node()
    packages = _packages(generated, node, report)
    preloads = _addon(packages[0], node, stand_in, report)
    document = json.loads(generated.files.configuration["settings.json"])
    secret = secrets.token_urlsafe(48)
    rules = rules_from_settings(document, [secret])
    schema = generated.config.pre_aggregations_schema if _has_rollups(generated) else ""
    prepare_database(database, schema, packages, node)
    claims = dict(access.claims)
    for claim in rules.claims:
        if claim not in claims:
            claims[claim] = _found(claim, value_of_claim(generated.model, claim), database, packages, node)
    token = mint(
        typed_claims(claims, rules.claim_types), rules, user=access.user, roles=access.roles, ttl_seconds=access.seconds
    )
    process = CubeProcess(
        folder=folder,
        model=folder / "model",
        variables=_variables(plain, database, secret, port, sql_port, has_stand_in=bool(preloads)),
        packages=packages,
        node=node,
        preloads=preloads,
        log=folder / "cube.log",
    )
    return Ready(
        process=process,
        address=f"http://{LOOPBACK}:{port}",
        sql_port=None if preloads else sql_port,
        user=access.user,
        claims=claims,
        token=token,
        question=choose(generated.model),
    )


def _packages(generated: Generated, node: Node, report: DevReport) -> list[Path]:
    packages = [provide_packages(own_lock("cube"), node, report.step)]
    if generated.config.database_type != "postgres":
        packages.append(provide_packages(own_lock("drivers"), node, report.step))
    return packages


def _addon(packages: Path, node: Node, stand_in: Path | None, report: DevReport) -> list[Path]:
    """What to load first: nothing where the addon is, or can be had; else what stands in for it."""
    reason = fetch_addon(packages, node)
    if not reason:
        report.step("Cube's native addon: Cube's own")
        return []
    if stand_in is None:
        raise LocalCubeError(
            f"Cube needs its native addon, and that could not be downloaded from GitHub: {reason}. Let this machine "
            "reach github.com (HTTPS_PROXY), then try again."
        )
    report.step(f"Cube's native addon could not be downloaded from GitHub: {reason}")
    report.step(f"{stand_in.parent.name} stands in for it: REST and GraphQL answer, the SQL API does not")
    return [stand_in]


def _found(claim: str, sql: str | None, database: Mapping[str, str], packages: Sequence[Path], node: Node) -> str:
    """A value of the claim that sees rows, from the database.

    Raises:
        LocalCubeError: There is none.
    """
    value = prepare_database(database, "", packages, node, sql) if sql else None
    if value is None:
        raise LocalCubeError(
            f"The token needs a value of the claim {claim}, and none was found in the database. "
            f"Give one: --claim {claim}=VALUE."
        )
    return value


def _has_rollups(generated: Generated) -> bool:
    return any(cube.pre_aggregations for cube in generated.model.cubes)


def _variables(
    plain: Mapping[str, str],
    database: Mapping[str, str],
    secret: str,
    port: int,
    sql_port: int,
    *,
    has_stand_in: bool,
) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)},
        **{name: value for name, value in plain.items() if not name.startswith(_OF_A_CLUSTER)},
        **database,
        "CUBEJS_API_SECRET": secret,
        "CUBEJS_CACHE_AND_QUEUE_DRIVER": "memory",
        # There is no refresh worker: a query that needs a rollup builds it.
        "CUBEJS_PRE_AGGREGATIONS_BUILDER": "true",
        "CUBEJS_PG_SQL_PORT": str(sql_port),
        "PORT": str(port),
        # Nobody asks; so that it is in no other's way.
        "FLOE_READINESS_PORT": "0",
        # The planner in Rust is part of the addon.
        **({"CUBEJS_TESSERACT_SQL_PLANNER": "false"} if has_stand_in else {}),
    }
