"""Cube on this machine as `floe-cube dev` has made it ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from floe_cube_infra.local_cube.client import load
from floe_cube_infra.local_cube.questions import Question
from floe_cube_infra.local_cube.server import CubeProcess


@dataclass(frozen=True, kw_only=True)
class Ready:
    """Cube, ready to run.

    Attributes:
        process: How it is run.
        address: Of REST and GraphQL.
        sql_port: Of the SQL API; None where the addon, which serves it, isn't there.
        user: Who asks.
        claims: What they claim.
        token: That as a token.
        question: A question that the model answers, if it has any.
    """

    process: CubeProcess
    address: str
    sql_port: int | None
    user: str
    claims: Mapping[str, str | list[str]]
    token: str = field(repr=False)
    question: Question | None

    def ask(self) -> str:
        """Asks the question over REST; says why it was not answered, if so."""
        return load(self.address, self.token, self.question.rest) if self.question else ""
