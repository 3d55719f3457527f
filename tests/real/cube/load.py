"""Many clients of several organizations at once, each of whom must see their own rows and nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from tests.real.cube.clients import Answer, Cube, token

ORGANIZATIONS: Final = (1, 2, 3)
QUERY: Final[Mapping[str, Any]] = {"measures": ["orders.count"], "dimensions": ["orders.organization_id"]}
DOCUMENT: Final = "{ cube { orders { count organization_id } } }"


@dataclass
class Load:
    """What the clients saw.

    Attributes:
        seconds: How long each answer took.
        wrong: Answers that were errors, or had rows of others.
    """

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median latency in seconds."""
        return median(self.seconds)

    def add(self, other: Load) -> None:
        """Takes up what other clients saw."""
        self.seconds += other.seconds
        self.wrong += other.wrong


def run_load(cube: Cube, clients: int, seconds: float, tokens: Mapping[int, str]) -> Load:
    """Lets clients ask by REST and GraphQL in turn, each of one organization, until the time is over.

    Args:
        cube: Whom they ask.
        clients: How many there are.
        seconds: How long they go on; every one asks at least twice.
        tokens: A token for each organization.
    """
    load, until = Load(), time.monotonic() + seconds

    def ask(organization: int) -> None:
        while True:
            for by_rest in (True, False):
                _ask_once(cube, organization, tokens, load, by_rest=by_rest)
            if time.monotonic() >= until:
                return

    organizations = sorted(tokens)
    whose = [organizations[place % len(organizations)] for place in range(clients)]
    threads = [threading.Thread(target=ask, args=(organization,)) for organization in whose]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return load


def ask_in_turn(cubes: Mapping[str, Cube], requests: int, tokens: Mapping[int, str]) -> dict[str, Load]:
    """Lets one client ask several servers, request by request in turn, so that whatever slows them down hits all alike.

    Args:
        cubes: Whom it asks, by name.
        requests: How often it asks each by REST, and as often by GraphQL.
        tokens: A token for each organization, taken in turn.
    """
    loads = {name: Load() for name in cubes}
    names, organizations = list(cubes), sorted(tokens)
    for number in range(requests):
        organization, first = organizations[number % len(organizations)], number % len(names)
        for by_rest in (True, False):
            # Nobody is always the first.
            for name in [*names[first:], *names[:first]]:
                _ask_once(cubes[name], organization, tokens, loads[name], by_rest=by_rest)
    return loads


def tokens_of(organizations: Sequence[int] = ORGANIZATIONS, **claims: object) -> dict[int, str]:
    """A token for each organization, with more claims."""
    return {organization: token(organization, **claims) for organization in organizations}


def _ask_once(cube: Cube, organization: int, tokens: Mapping[int, str], load: Load, *, by_rest: bool) -> None:
    begun = time.perf_counter()
    answer = _ask(cube, tokens[organization], by_rest=by_rest)
    load.seconds.append(time.perf_counter() - begun)
    if found := _wrong(answer, organization, by_rest=by_rest):
        load.wrong.append(found)


def _ask(cube: Cube, bearer: str, *, by_rest: bool) -> Answer:
    return cube.load(QUERY, bearer) if by_rest else cube.graphql(DOCUMENT, bearer)


def _wrong(answer: Answer, organization: int, *, by_rest: bool) -> str:
    """What is wrong with an answer: it is none, or holds rows of other organizations; empty if nothing is."""
    try:
        rows = (
            [row["orders.organization_id"] for row in answer.body["data"]]
            if by_rest
            else [row["orders"]["organization_id"] for row in answer.body["data"]["cube"]]
        )
    except (KeyError, TypeError):
        return f"status {answer.status}: {str(answer.body)[:300]}"
    return "" if [int(row) for row in rows] == [organization] else f"organization {organization} sees {rows}"
