"""dbt's manifest.json: dbt Core's schemas v10 to v12 and what dbt Fusion writes (v12 and v20).

Decoded by msgspec into the wanted fields only, which on large manifests is many times faster, and smaller,
than dictionaries. Everything is optional that some version or engine leaves out or writes as null.
Field names and their meaning: https://schemas.getdbt.com/dbt/manifest/v12.json
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from floe_cube_infra.errors import ManifestError
from floe_cube_infra.inputs.dbt_owners import Owner
from floe_cube_infra.inputs.dbt_semantics import Exposure, Metric, SavedQuery, SemanticModel
from floe_cube_infra.inputs.sources import without_credentials

OLDEST_SCHEMA = 10
_SCHEMA = re.compile(r"/dbt/manifest/v([0-9]{1,4})\.json$")


class _Foreign(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Foreign data: frozen, unknown fields ignored.

    `gc=False` keeps hundreds of thousands of small objects away from the garbage collector; they can't
    form cycles, since they come out of JSON and are frozen.
    """


class Constraint(_Foreign, frozen=True):
    """A constraint on a column or a model: primary_key, unique, not_null, foreign_key, check, custom."""

    type: str = ""
    columns: list[str] | None = None
    expression: str | None = None
    to: str | None = None
    to_columns: list[str] | None = None


class ColumnConfig(_Foreign, frozen=True):
    """A column's configuration; since dbt 1.10 its meta lies here."""

    meta: dict[str, Any] | None = None


class Column(_Foreign, frozen=True):
    """A documented column."""

    name: str
    description: str | None = None
    data_type: str | None = None
    constraints: list[Constraint] | None = None
    meta: dict[str, Any] | None = None
    config: ColumnConfig | None = None
    quote: bool | None = None


class NodeConfig(_Foreign, frozen=True):
    """The configuration that decides how a node takes part."""

    enabled: bool | None = None
    materialized: str | None = None
    meta: dict[str, Any] | None = None
    tags: list[str] | str | None = None
    access: str | None = None
    group: str | None = None
    severity: str | None = None
    where: str | None = None
    warn_if: str | None = None
    error_if: str | None = None
    event_time: str | None = None
    limit: int | None = None


class TestMetadata(_Foreign, frozen=True):
    """Which generic test a test node is, and its arguments."""

    __test__ = False  # a name that pytest would collect

    name: str
    kwargs: dict[str, Any] | None = None
    namespace: str | None = None


class DependsOn(_Foreign, frozen=True):
    """What a node is built from."""

    nodes: list[str] | None = None


class Node(_Foreign, frozen=True):
    """A model, seed, snapshot, test or anything else under `nodes`; `resource_type` tells which."""

    unique_id: str
    resource_type: str
    name: str
    package_name: str = ""
    database: str | None = None
    schema: str | None = None
    alias: str | None = None
    relation_name: str | None = None
    description: str | None = None
    columns: dict[str, Column] | None = None
    meta: dict[str, Any] | None = None
    tags: list[str] | str | None = None
    config: NodeConfig | None = None
    constraints: list[Constraint] | None = None
    primary_key: list[str] | None = None
    access: str | None = None
    group: str | None = None
    version: str | int | float | None = None
    latest_version: str | int | float | None = None
    original_file_path: str | None = None
    patch_path: str | None = None
    depends_on: DependsOn | None = None
    # Tests only
    test_metadata: TestMetadata | None = None
    column_name: str | None = None
    attached_node: str | None = None

    @property
    def all_meta(self) -> dict[str, Any]:
        """The node's meta from both places that dbt knows; `config.meta` wins."""
        return {**(self.meta or {}), **((self.config and self.config.meta) or {})}


class Group(_Foreign, frozen=True):
    """A group of nodes that one team answers for."""

    name: str
    package_name: str = ""
    owner: Owner | None = None


class Metadata(_Foreign, frozen=True):
    """Who wrote the manifest; not when, which differs each time."""

    dbt_schema_version: str | None = None
    dbt_version: str | None = None
    adapter_type: str | None = None
    project_name: str | None = None


class Manifest(_Foreign, frozen=True):
    """A dbt project, parsed."""

    metadata: Metadata
    nodes: dict[str, Node]
    semantic_models: dict[str, SemanticModel] = {}
    metrics: dict[str, Metric] = {}
    saved_queries: dict[str, SavedQuery] = {}
    exposures: dict[str, Exposure] = {}
    groups: dict[str, Group] = {}

    def models(self) -> Iterator[Node]:
        """The nodes that are models, in the manifest's order."""
        return (node for node in self.nodes.values() if node.resource_type == "model")

    def tests(self) -> Iterator[Node]:
        """The nodes that are tests, in the manifest's order."""
        return (node for node in self.nodes.values() if node.resource_type == "test")


class _Header(_Foreign, frozen=True):
    metadata: Metadata | None = None


_manifest_decoder = msgspec.json.Decoder(Manifest, strict=True)
_header_decoder = msgspec.json.Decoder(_Header, strict=True)


def column_meta(column: Column) -> dict[str, Any]:
    """A column's meta from both places that dbt knows; `config.meta` wins."""
    if column.config is None or not column.config.meta:
        return column.meta or {}
    return {**(column.meta or {}), **column.config.meta}


def load(content: bytes, location: str) -> Manifest:
    """Reads a manifest.

    Args:
        content: The file's bytes, UTF-8 JSON.
        location: Where it came from, for errors.

    Raises:
        ManifestError: Not JSON, cut off, another file, a schema older than v10, or a field of the wrong type.
    """
    location = without_credentials(location)
    try:
        manifest = _manifest_decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ManifestError(_explain(content, location, error)) from None
    problem = _schema_problem(manifest.metadata, location)
    if problem:
        raise ManifestError(problem)
    return manifest


def _schema_problem(metadata: Metadata, location: str) -> str | None:
    url = metadata.dbt_schema_version
    match = _SCHEMA.search(url or "")
    if match is None:
        return (
            f"{location} is no dbt manifest: metadata.dbt_schema_version is "
            f"{'missing' if url is None else repr(url)}. Give target/manifest.json, not another artifact of dbt."
        )
    if int(match[1]) < OLDEST_SCHEMA:
        return (
            f"The dbt manifest {location} has schema v{match[1]}; allowed are v{OLDEST_SCHEMA} (dbt 1.6) "
            "and newer. Write it again with a newer dbt."
        )
    return None


def _explain(content: bytes, location: str, error: Exception) -> str:
    """The reason in the order in which a user would look: whole? the right file? the right shape?"""
    reason = str(error) or type(error).__name__
    try:
        header = _header_decoder.decode(content)
    except msgspec.ValidationError:
        return f"{location} is JSON but no dbt manifest ({reason}). Give target/manifest.json."
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        if not content.strip():
            reason = "it is empty"
        elif "truncated" in str(broken) or not content.rstrip().endswith(b"}"):
            reason = "it ends in the middle, as if dbt were still writing it"
        return f"The dbt manifest {location} is not valid JSON: {reason}. Run dbt again."
    if header.metadata is None:
        return f"{location} is JSON but no dbt manifest: it has no `metadata`. Give target/manifest.json."
    return _schema_problem(header.metadata, location) or (
        f"The dbt manifest {location} has a field of an unexpected type: {reason}. "
        "Was it edited, or written by another tool than dbt?"
    )
