"""dbt nodes with everything about them brought together: columns of manifest and catalog, and `meta.cube`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from floe_cube_infra.inputs import cube_meta, dbt_manifest
from floe_cube_infra.inputs.cube_meta import ColumnMeta, ModelMeta
from floe_cube_infra.inputs.dbt_catalog import Catalog
from floe_cube_infra.inputs.dbt_manifest import Constraint, Manifest, Node
from floe_cube_infra.model.names import cube_name, is_cube_name, member_name
from floe_cube_infra.naming import is_identifier
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.selection import Selection, selected


class SourceColumn(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A column, with what manifest and catalog know about it.

    A msgspec structure, since there are hundreds of thousands: made ten times faster than a frozen dataclass.

    Attributes:
        name: As dbt spells it.
        member: The name of its dimension.
        data_type: As the warehouse spells it, if anyone knows.
        description: From dbt.
        meta: Its meta from both places that dbt knows.
        cube: Its `meta.cube`.
        constraints: From dbt.
        quoted: dbt's `quote: true`.
    """

    name: str
    member: str
    data_type: str | None
    description: str | None
    meta: Mapping[str, Any]
    cube: ColumnMeta
    constraints: Sequence[Constraint]
    quoted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceModel:
    """A dbt node that becomes a cube.

    Attributes:
        node: The node itself.
        cube_name: The name of its cube.
        cube: Its `meta.cube`.
        columns: By lower-case name, in the order of manifest, then catalog.
    """

    node: Node
    cube_name: str
    cube: ModelMeta
    columns: dict[str, SourceColumn]

    def column(self, name: str) -> SourceColumn | None:
        """The column of that name; case does not matter, as in the warehouses' own SQL."""
        return self.columns.get(name.strip('"`').lower())

    def member(self, name: str) -> str:
        """The member that people mean by a name: a column's may be called otherwise, where Cube takes no such name."""
        column = self.columns.get(name.lower())
        return name if column is None or column.name != name else column.member


def read_sources(
    manifest: Manifest,
    catalog: Catalog,
    selection: Selection,
    issues: IssueLog,
    *,
    keep_without_columns: bool = False,
) -> dict[str, SourceModel]:
    """The nodes that become cubes, by `unique_id`.

    Args:
        manifest: The dbt project.
        catalog: What the warehouse reports.
        selection: Which nodes may become cubes.
        issues: Takes what is wrong or doubtful.
        keep_without_columns: Whether a node without columns becomes a cube that only counts its rows; otherwise it
            is left out with a warning.
    """
    sources: dict[str, SourceModel] = {}
    by_name: dict[str, Node] = {}
    # The manifest's order has no meaning, and dbt doesn't promise one.
    nodes = sorted(selected(manifest, selection), key=lambda node: node.unique_id)
    repeated = _repeated_names(nodes)
    folds = _FOLDS.get(manifest.metadata.adapter_type or "")
    for node in nodes:
        meta, problems = cube_meta.model_meta(node.all_meta)
        for problem in problems:
            issues.error(node, problem)
        columns = _columns(node, catalog, folds, issues)
        if not columns and not keep_without_columns:
            issues.warning(
                node, "has no columns, so it becomes no cube; document its columns, or give dbt's catalog.json"
            )
            continue
        name = _cube_name(node, meta, node.name in repeated, issues)
        if name in by_name:
            issues.error(node, f"becomes the cube {name}, as does {by_name[name].unique_id}; set meta.cube.name")
            continue
        by_name[name] = node
        sources[node.unique_id] = SourceModel(node=node, cube_name=name, cube=meta, columns=columns)
    return sources


def _repeated_names(nodes: Sequence[Node]) -> set[str]:
    """Names that nodes of several packages have; those become `<package>_<name>`."""
    packages: dict[str, str] = {}
    repeated: set[str] = set()
    for node in nodes:
        if packages.setdefault(node.name, node.package_name) != node.package_name:
            repeated.add(node.name)
    return repeated


def _cube_name(node: Node, meta: ModelMeta, is_repeated: bool, issues: IssueLog) -> str:
    if meta.name is not None:
        if not is_identifier(meta.name) or not is_cube_name(meta.name):
            issues.error(node, f"meta.cube.name {meta.name!r} is no name that Cube takes: {_NAME_RULE}")
        return cube_name(meta.name)
    package = f"{node.package_name}_" if is_repeated else ""
    version = "" if node.version is None else f"_v{node.version}"
    return cube_name(package + node.name + version)


_NAME_RULE: Final = "letters, digits and underscores, no digit first, no word of Python or JavaScript"

# What warehouses make of names without quotes; the others don't mind the case of columns at all.
_FOLDS: Final[Mapping[str, Callable[[str], str]]] = {
    "postgres": str.lower,
    "redshift": str.lower,
    "snowflake": str.upper,
}


def _columns(
    node: Node, catalog: Catalog, folds: Callable[[str], str] | None, issues: IssueLog
) -> dict[str, SourceColumn]:
    table = catalog.nodes.get(node.unique_id)
    reported = {} if table is None else {name.lower(): column for name, column in table.columns.items()}
    columns: dict[str, SourceColumn] = {}
    for column in (node.columns or {}).values():
        name = column.name.lower()
        all_meta = dbt_manifest.column_meta(column)
        meta = cube_meta.NO_COLUMN_META
        if "cube" in all_meta:
            meta, problems = cube_meta.column_meta(all_meta)
            for problem in problems:
                issues.error(node, problem, column.name)
        known = reported.get(name) if reported else None
        if name in columns:
            issues.warning(node, "is described twice, in different case; the last description is taken", column.name)
        # The catalog knows how the warehouse stores the name: a mixed case has been quoted, whoever forgot to say so.
        stored = known.name if known and folds and known.name != folds(known.name) else None
        columns[name] = SourceColumn(
            name=stored or column.name,
            member=member_name(column.name),
            data_type=column.data_type or (known.type if known else None) or None,
            description=column.description or (known.comment if known else None) or None,
            meta=all_meta,
            cube=meta,
            constraints=column.constraints or (),
            quoted=bool(column.quote) or stored is not None,
        )
    for name, known in sorted(reported.items(), key=lambda item: (item[1].index, item[0])):
        if name not in columns:
            is_quoted = folds is not None and known.name != folds(known.name)
            folded = known.name if is_quoted or not known.name.isupper() else name
            columns[name] = SourceColumn(
                name=folded,
                member=member_name(folded),
                data_type=known.type or None,
                description=known.comment or None,
                meta={},
                cube=cube_meta.NO_COLUMN_META,
                constraints=(),
                quoted=is_quoted,
            )
    return columns
