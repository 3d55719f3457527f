"""Views: what tools show first, put together from members of cubes.

Source: https://cube.dev/docs/product/data-modeling/reference/view
"""

from __future__ import annotations

from typing import Literal

from floe_cube_infra.model.frozen import Frozen, Identifier


class ViewMember(Frozen):
    """A member taken into a view, under another name or title.

    Attributes:
        name: The member in its cube.
        alias: Its name in the view.
        title: What tools show.
        description: What it means here.
        format: How tools show it.
        meta: Anything else.
    """

    name: Identifier
    alias: Identifier | None = None
    title: str | None = None
    description: str | None = None
    format: str | None = None
    meta: dict[str, object] | None = None


class ViewCube(Frozen):
    """What a view takes of one cube.

    Attributes:
        join_path: The cubes from the view's root to this one, with dots between.
        includes: `*`, or the members.
        excludes: Members left out of `*`.
        prefix: Whether members are called `<cube>_<member>`.
        alias: What the prefix is instead of the cube's name.
    """

    join_path: str
    includes: Literal["*"] | tuple[str | ViewMember, ...]
    excludes: tuple[str, ...] = ()
    prefix: bool | None = None
    alias: Identifier | None = None


class ViewFolder(Frozen):
    """Members of a view shown together."""

    name: str
    includes: Literal["*"] | tuple[str, ...]


class CubeView(Frozen):
    """A view.

    Attributes:
        name: Unique among all cubes and views.
        cubes: What it takes of which cube; the first is the root.
        folders: Members shown together.
        title: What tools show instead of the name.
        description: What it is for.
        public: Whether queries may use it.
        meta: Anything else.
        dbt_node: The `unique_id` of the dbt node that it comes from.
        dbt_file: That node's file in the dbt project.
    """

    name: Identifier
    cubes: tuple[ViewCube, ...]
    folders: tuple[ViewFolder, ...] = ()
    title: str | None = None
    description: str | None = None
    public: bool | None = None
    meta: dict[str, object] | None = None
    dbt_node: str
    dbt_file: str | None = None
