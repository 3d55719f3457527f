"""PostgreSQL's types: SQL's names, those of its catalogue, and those of widely used extensions.

Source: https://www.postgresql.org/docs/current/datatype.html and
https://www.postgresql.org/docs/current/catalog-pg-type.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from floe_cube_infra.model.members import DimensionType

_TYPES: Final[Mapping[str, DimensionType]] = {
    # https://www.postgresql.org/docs/current/datatype-numeric.html and datatype-money.html
    "smallint": "number",
    "int2": "number",
    "integer": "number",
    "int": "number",
    "int4": "number",
    "bigint": "number",
    "int8": "number",
    "decimal": "number",
    "dec": "number",
    "numeric": "number",
    "real": "number",
    "float4": "number",
    "double precision": "number",
    "float8": "number",
    "float": "number",
    "smallserial": "number",
    "serial2": "number",
    "serial": "number",
    "serial4": "number",
    "bigserial": "number",
    "serial8": "number",
    "money": "number",
    # https://www.postgresql.org/docs/current/datatype-boolean.html
    "boolean": "boolean",
    "bool": "boolean",
    # https://www.postgresql.org/docs/current/datatype-character.html and datatype-binary.html
    "character varying": "string",
    "varchar": "string",
    "char varying": "string",
    "national character varying": "string",
    "national char varying": "string",
    "nchar varying": "string",
    "character": "string",
    "char": "string",
    "bpchar": "string",
    "national character": "string",
    "national char": "string",
    "nchar": "string",
    "text": "string",
    # https://docs.getdbt.com/reference/resource-configs/contract: dbt's alias (`alias_types`) of text.
    "string": "string",
    "name": "string",
    "bytea": "string",
    # https://www.postgresql.org/docs/current/datatype-bit.html: strings of 0 and 1, also when one long.
    "bit": "string",
    "bit varying": "string",
    "varbit": "string",
    # https://www.postgresql.org/docs/current/datatype-datetime.html
    "date": "time",
    "timestamp": "time",
    "timestamptz": "time",
    "time": "string",
    "timetz": "string",
    "interval": "string",
    # https://www.postgresql.org/docs/current/datatype-uuid.html, -xml, -json, -textsearch, -net-types
    "uuid": "string",
    "xml": "string",
    "json": "string",
    "jsonb": "string",
    "jsonpath": "string",
    "tsvector": "string",
    "tsquery": "string",
    "cidr": "string",
    "inet": "string",
    "macaddr": "string",
    "macaddr8": "string",
    # https://www.postgresql.org/docs/current/datatype-geometric.html
    "point": "string",
    "line": "string",
    "lseg": "string",
    "box": "string",
    "path": "string",
    "polygon": "string",
    "circle": "string",
    # https://www.postgresql.org/docs/current/rangetypes.html
    "int4range": "string",
    "int8range": "string",
    "numrange": "string",
    "tsrange": "string",
    "tstzrange": "string",
    "daterange": "string",
    "int4multirange": "string",
    "int8multirange": "string",
    "nummultirange": "string",
    "tsmultirange": "string",
    "tstzmultirange": "string",
    "datemultirange": "string",
    # https://www.postgresql.org/docs/current/datatype-oid.html: the reg types read as names.
    "oid": "number",
    "regclass": "string",
    "regcollation": "string",
    "regconfig": "string",
    "regdictionary": "string",
    "regnamespace": "string",
    "regoper": "string",
    "regoperator": "string",
    "regproc": "string",
    "regprocedure": "string",
    "regrole": "string",
    "regtype": "string",
    # Identifiers that wrap around: sums and ranges of them mean nothing.
    "tid": "string",
    "cid": "string",
    "xid": "string",
    "xid8": "string",
    "pg_lsn": "string",
    "pg_snapshot": "string",
    "txid_snapshot": "string",
    # Columns of the system catalogues.
    "aclitem": "string",
    "refcursor": "string",
    "gtsvector": "string",
    "int2vector": "string",
    "oidvector": "string",
    "pg_node_tree": "string",
    "pg_ndistinct": "string",
    "pg_dependencies": "string",
    "pg_mcv_list": "string",
    "pg_brin_bloom_summary": "string",
    "pg_brin_minmax_multi_summary": "string",
    # https://www.postgresql.org/docs/current/infoschema-datatypes.html
    "cardinal_number": "number",
    "character_data": "string",
    "sql_identifier": "string",
    "time_stamp": "time",
    "yes_or_no": "string",
    # What information_schema.columns calls an array.
    "array": "string",
    # https://www.postgresql.org/docs/current/contrib.html: citext, hstore, ltree, cube, seg, intarray, isn.
    "citext": "string",
    "hstore": "string",
    "ltree": "string",
    "lquery": "string",
    "ltxtquery": "string",
    "cube": "string",
    "earth": "string",
    "seg": "string",
    "query_int": "string",
    "ean13": "string",
    "isbn": "string",
    "isbn13": "string",
    "ismn": "string",
    "ismn13": "string",
    "issn": "string",
    "issn13": "string",
    "upc": "string",
    # https://postgis.net/docs/manual-3.5/PostGIS_Types.html, reference.html for the others
    "geometry": "string",
    "geography": "string",
    "box2d": "string",
    "box3d": "string",
    "raster": "string",
    "topogeometry": "string",
    # https://github.com/pgvector/pgvector
    "vector": "string",
    "halfvec": "string",
    "sparsevec": "string",
}

POSTGRES: Final[Mapping[str, DimensionType]] = {
    **_TYPES,
    # The catalogue names an array after its elements: `_int4` is what SQL calls `integer[]`.
    **{f"_{name}": "string" for name in _TYPES},
}
