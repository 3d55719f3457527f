r"""Text as Cube's YAML must hold it, for Cube to end up with exactly that text.

Cube reads every string of a YAML model as the inside of a Python f-string and makes a JavaScript template
literal of it: `{x}` in a description is run, a backslash starts an escape, and a file that holds `{{`, `}}`,
`{%` or `%}` anywhere is rendered as a Jinja template first. A template literal knows an escape for every
character, so that all text can be said; only unpaired surrogates, which no file can hold, become U+FFFD.

Source: YamlCompiler, PythonParser and DataSchemaCompiler of `@cubejs-backend/schema-compiler` 1.7.43, whose
grammar has no other documentation; the tests under tests/compile run it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from floe_cube_infra.model.names import KEYWORDS, RESERVED

# Keys whose values Cube makes functions of.
_FUNCTION_KEYS: Final = {"sql": "Sql", "sqlTable": "SqlTable", "sql_table": "Sql_table"}
_LONGEST_PREFIX: Final = 2


_CHANGED = r"\\{}\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff"
# Nearly all text, and nearly all SQL, which is a column.
_PLAIN: Final = re.compile(f"[^{_CHANGED}]*")
_COLUMN: Final = "{CUBE}."
# An f just before the closing quote, after nothing or a reference, is read as the start of one more f-string.
_PREFIX = r"(?:(?<=\})|\A)(?:[fF](?=[rR]?\Z)|[rR](?=[fF]\Z))"
_QUOTES = re.compile('["`]')
_NAME = "[A-Za-z_][A-Za-z0-9_]*"
_REFERENCE = re.compile(rf"(?<!\\)\{{ *({_NAME})((?:\.{_NAME})*)(\.filter\('{_NAME}'\))? *\}}")

_IN_TEXT: Final = re.compile(rf"[{_CHANGED}]|(?<=\{{)%|{_PREFIX}")
_IN_SQL: Final = re.compile(f"(?P<reference>{_REFERENCE.pattern})|{_IN_TEXT.pattern}")

# Keys whose strings Cube runs as they are, wherever they are (`nonStringFields` of its CubeValidator).
# fmt: off
_CODE_KEYS: Final = frozenset(
    ["primaryKey", "scheduledRefresh", "unionWithSourceData", "rewriteQueries", "shown", "public", "subQuery",
     "propagateFiltersToSubQuery", "incremental", "external", "useOriginalSqlPreAggregations", "readOnly",
     "prefix", "mask"]
)
# fmt: on


def literal(text: str) -> str:
    """What to write as a YAML scalar for a title, description, format or folder, so that Cube yields `text`.

    Most text stays as it is. The empty text becomes an empty constant, which Cube takes in `meta` only; titles
    and descriptions that are empty have to be left out.
    """
    return _written(text, _IN_TEXT)


def sql(text: str) -> str:
    """What to write as a YAML scalar for SQL, so that Cube yields `text` with its references resolved.

    References are `{CUBE}`, `{member}`, `{cube.member}` and their like, and the filter parameters
    `{FILTER_PARAMS.cube.member.filter('column')}`; any other brace is a brace, also around words in `RESERVED`.
    A backslash before a brace comes through as well, and makes it no reference. Whether names exist is not looked
    at: one that doesn't makes Cube refuse the whole model.
    """
    return _written(text, _IN_SQL)


def mask(text: str) -> str:
    """What to write as a dimension's `mask`, so that those who may not see the value see `text`.

    Cube runs a mask twice as a template, and no escape survives both: a backslash becomes a slash, a backtick an
    apostrophe, and `${` is set apart.
    """
    return _code(text.replace("\\", "/").replace("`", "'").replace("${", "$ {"))


def meta(values: Mapping[str, object]) -> dict[str, object]:
    """What to write as `meta`, so that Cube's `/meta` tells clients the same values.

    A few keys can't be said: `sql`, `sqlTable`, `sql_table` and any with `extends` in it get a capital letter,
    `{{` and its kin in keys are set apart, and `__proto__` is left out.

    Args:
        values: Plain values, as JSON has them.
    """
    return {_key(key): _value(key, value) for key, value in values.items() if key != "__proto__"}


def _written(text: str, special: re.Pattern[str]) -> str:
    if _PLAIN.fullmatch(text, len(_COLUMN) if text.startswith(_COLUMN) and special is _IN_SQL else 0):
        return text if len(text) > _LONGEST_PREFIX else _short(text)
    return special.sub(_escape, text)


def _short(text: str) -> str:
    return _IN_TEXT.sub(_escape, text) if text else "{''}"


def _escape(match: re.Match[str]) -> str:
    found, text, end = match[0], match.string, match.end()
    if len(found) > 1:
        return _reference(found, text[end : end + 1])
    # The short form would escape what follows: a reference's brace (or make `{{` with it), or the closing quote.
    if _REFERENCE.match(text, end) or (found == "\\" and end == len(text)):
        return _coded(found)
    if found in "\\{}%":
        return _backslashed(match)
    return "\ufffd" if "\ud800" <= found <= "\udfff" else _coded(found)


@lru_cache(maxsize=1 << 12)
def _reference(text: str, following: str) -> str:
    parts = _REFERENCE.fullmatch(text)
    if parts is None or not _is_reference(parts):
        return _IN_TEXT.sub(_escape, text)
    # Two references need something between them: a continued line is nothing.
    return text if following != "{" else text + "\\\n"


def _is_reference(parts: re.Match[str]) -> bool:
    first, others, call = parts[1], parts[2].split("."), parts[3]
    return first not in RESERVED and KEYWORDS.isdisjoint(others) and (call is None or first == "FILTER_PARAMS")


def _backslashed(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


def _coded(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def _code(text: str) -> str:
    """The text as an f-string of its own, for where Cube puts none around it."""
    return f'f"{_QUOTES.sub(_backslashed, literal(text))}"' if text else "''"


def _key(key: str) -> str:
    key = _FUNCTION_KEYS.get(key, key).replace("extends", "Extends")
    return re.sub(r"\{(?=[{%])|[}%](?=\})", r"\g<0> ", key)


def _value(key: str, value: object) -> object:
    if isinstance(value, str):
        return _code(value) if key in _CODE_KEYS else literal(value)
    if isinstance(value, Mapping):
        return meta(value)
    if isinstance(value, list | tuple):
        return [_value("", item) for item in value]
    return value
