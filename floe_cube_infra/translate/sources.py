"""dbt nodes with everything about them brought together: columns of manifest and catalog, and `meta.cube`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from floe_cube_infra.inputs import cube_meta, dbt_manifest
from floe_cube_infra.inputs.cube_meta import ColumnMeta, ModelMeta
from floe_cube_infra.inputs.dbt_catalog import Catalog
from floe_cube_infra.inputs.dbt_manifest import Constraint, Manifest, Node
from floe_cube_infra.naming import identifier, is_identifier
from floe_cube_infra.translate.issues import IssueLog


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceColumn:
    """A column, with what manifest and catalog know about it.

    Attributes:
        name: As dbt spells it.
        member: The name of its dimension.
        data_type: As the warehouse spells it, if anyone knows.
        description: From dbt.
        cube: Its `meta.cube`.
        constraints: From dbt.
        quoted: dbt's `quote: true`.
    """

    name: str
    member: str
    data_type: str | None
    description: str | None
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


def read_sources(manifest: Manifest, catalog: Catalog, issues: IssueLog) -> dict[str, SourceModel]:
    """The models that become cubes, by `unique_id`.

    Left out: ephemeral and disabled models, those of installed packages, and those that say
    `meta.cube.enabled: false`. A model without columns is left out with a warning.
    """
    sources: dict[str, SourceModel] = {}
    by_name: dict[str, Node] = {}
    for node in _candidates(manifest):
        meta, problems = cube_meta.model_meta(node.all_meta)
        for problem in problems:
            issues.error(node, problem)
        if not meta.enabled:
            continue
        columns = _columns(node, catalog, issues)
        if not columns:
            issues.warning(
                node,
                "has no columns, so it becomes no cube; document its columns, or give dbt's catalog.json",
            )
            continue
        name = _cube_name(node, meta, issues)
        if name in by_name:
            issues.error(node, f"becomes the cube {name}, as does {by_name[name].unique_id}; set meta.cube.name")
            continue
        by_name[name] = node
        sources[node.unique_id] = SourceModel(node=node, cube_name=name, cube=meta, columns=columns)
    return sources


def _candidates(manifest: Manifest) -> Iterator[Node]:
    project = manifest.metadata.project_name
    for node in manifest.models():
        config = node.config
        if config is not None and (config.enabled is False or config.materialized == "ephemeral"):
            continue
        if project is None or node.package_name == project:
            yield node


def _cube_name(node: Node, meta: ModelMeta, issues: IssueLog) -> str:
    if meta.name is not None:
        if not is_identifier(meta.name):
            issues.error(node, f"meta.cube.name {meta.name!r} is no name that Cube takes: {_NAME_RULE}")
        return identifier(meta.name)
    version = "" if node.version is None else f"_v{node.version}"
    return identifier(node.name + version)


_NAME_RULE = "letters, digits and underscores, no digit first"


def _columns(node: Node, catalog: Catalog, issues: IssueLog) -> dict[str, SourceColumn]:
    table = catalog.nodes.get(node.unique_id)
    reported = {} if table is None else {name.lower(): column for name, column in table.columns.items()}
    columns: dict[str, SourceColumn] = {}
    for column in (node.columns or {}).values():
        meta, problems = cube_meta.column_meta(dbt_manifest.column_meta(column))
        for problem in problems:
            issues.error(node, problem, column.name)
        known = reported.get(column.name.lower())
        columns[column.name.lower()] = SourceColumn(
            name=column.name,
            member=identifier(column.name),
            data_type=column.data_type or (known.type if known else None) or None,
            description=column.description or (known.comment if known else None) or None,
            cube=meta,
            constraints=column.constraints or (),
            quoted=bool(column.quote),
        )
    for name, known in sorted(reported.items(), key=lambda item: (item[1].index, item[0])):
        if name not in columns:
            folded = known.name.lower() if known.name.isupper() else known.name
            columns[name] = SourceColumn(
                name=folded,
                member=identifier(folded),
                data_type=known.type or None,
                description=known.comment or None,
                cube=cube_meta.NO_COLUMN_META,
                constraints=(),
                quoted=False,
            )
    return columns
