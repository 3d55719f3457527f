"""References to members in pre-aggregations: `revenue`, `CUBE.revenue`, `customers.region`, `CUBE.customers.region`."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.members import CubeDimension, CubeMeasure, CubeSegment
from floe_cube_infra.translate.pre_aggregations.known_cubes import KnownCubes

Kind = Literal["dimension", "measure", "segment"]
Member = CubeDimension | CubeMeasure | CubeSegment

OWN: Final = "CUBE"
_REFERENCE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_KINDS: Final[tuple[Kind, ...]] = ("dimension", "measure", "segment")


class MemberReferenceError(ValueError):
    """What is wrong with a reference, and what is allowed."""


@dataclass(frozen=True, kw_only=True)
class MemberReference:
    """A member, and how a pre-aggregation refers to it.

    Attributes:
        cube: The cube whose member it is.
        member: The member.
        path: The cubes of a join path that leads there, without the pre-aggregation's own; empty for its own members.
    """

    cube: str
    member: Member
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As Cube reads it.

        `CUBE.` stands before own members, since a bare name may be another cube's, and since cubes that extend this
        one would otherwise refer to this one's.
        """
        steps = self.path if len(self.path) == 1 else (OWN, *self.path)
        return ".".join((*steps, self.member.name))

    @property
    def key(self) -> tuple[str, str]:
        """What tells two members apart, however they are referred to."""
        return (self.cube, self.member.name)


def refer(text: str, kind: Kind, own: CubeSchema, known: KnownCubes) -> MemberReference:
    """The member that a reference means.

    Args:
        text: The reference.
        kind: What it must be.
        own: The cube of the pre-aggregation.
        known: All cubes.

    Raises:
        MemberReferenceError: It is no reference, or there is no such member.
    """
    if not _REFERENCE.fullmatch(text):
        raise MemberReferenceError(
            f"{text[:80]!r} is no reference to a member; write for example revenue, CUBE.revenue or customers.region"
        )
    *path, name = text.split(".")
    if path and path[0] in (OWN, own.name):
        path = path[1:]
    for cube in path:
        if cube not in known.by_name:
            raise MemberReferenceError(f"{text!r} refers to the cube {cube}, which is not there")
    cube = path[-1] if path else own.name
    schema = known.by_name[cube] if path else own
    return MemberReference(cube=cube, member=_member(name, kind, schema), path=tuple(path))


def can_be_referred_to(name: str) -> bool:
    """Whether a pre-aggregation can name a member: Cube reads references as Python (YamlCompiler)."""
    return not keyword.iskeyword(name)


def _member(name: str, kind: Kind, cube: CubeSchema) -> Member:
    for member in _members(cube, kind):
        if member.name == name:
            if not can_be_referred_to(name):
                raise MemberReferenceError(
                    f"the {kind} {name} can't be in a pre-aggregation: Cube reads references as Python, in which "
                    "its name is a keyword; rename it"
                )
            return member
    for other in _KINDS:
        if any(member.name == name for member in _members(cube, other)):
            raise MemberReferenceError(f"{name} is a {other} of the cube {cube.name}, not a {kind}")
    names = ", ".join(sorted(member.name for member in _members(cube, kind))) or "none"
    raise MemberReferenceError(f"{name!r} is no {kind} of the cube {cube.name}; there are: {names}")


def _members(cube: CubeSchema, kind: Kind) -> Sequence[Member]:
    if kind == "dimension":
        return cube.dimensions
    return cube.measures if kind == "measure" else cube.segments
