"""Names that Cube takes for cubes, views and members: identifiers that are no word of the languages it reads them as.

Source: CubeValidator, YamlCompiler and PythonParser of `@cubejs-backend/schema-compiler` 1.7.43; the tests under
tests/compile run it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from floe_cube_infra.naming import identifier

# fmt: off
KEYWORDS: Final = frozenset(
    ["False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
     "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
     "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield"]
)
"""Words of Python, which no reference may contain: `{CUBE.from}` can't be said, neither in SQL nor in a list."""

RESERVED: Final = KEYWORDS | frozenset(
    ["case", "catch", "const", "debugger", "default", "delete", "do", "enum", "export", "extends", "false",
     "function", "groups", "implements", "instanceof", "interface", "let", "new", "null", "package", "private",
     "protected", "public", "static", "super", "switch", "this", "throw", "true", "typeof", "userAttributes",
     "user_attributes", "var", "void"]
)
"""Words of Python, JavaScript and Cube, which no reference may begin with: only `{CUBE.public}` is that member."""

# Keys whose values Cube makes functions of; what inherits from JavaScript's Object; prefixes of f-strings.
_FUNCTIONS: Final = frozenset(["sql", "sqlTable", "sql_table"])
_INHERITED: Final = frozenset(
    ["__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__", "constructor",
     "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf"]
)
_PREFIXES: Final = frozenset(["f", "fr", "rf"])
_NOT_CUBES: Final = frozenset(
    ["CUBE", "FILTER_GROUP", "FILTER_PARAMS", "SECURITY_CONTEXT", "SQL_UTILS", "TABLE", "sql"]
)
# fmt: on


def is_member_name(name: str) -> bool:
    """Whether Cube takes a member of that name and references to it that begin with `CUBE.` or the cube's name.

    That it is letters, digits and underscores is taken for granted.
    """
    return name not in KEYWORDS and name not in _FUNCTIONS and name not in _INHERITED and "extends" not in name


def is_cube_name(name: str) -> bool:
    """Whether Cube takes a cube or view of that name, joins to it and references to its members.

    That it is letters, digits and underscores is taken for granted.
    """
    return name.lower() not in _PREFIXES and not any(name in words for words in (RESERVED, _INHERITED, _NOT_CUBES))


@lru_cache(maxsize=1 << 16)
def member_name(name: str) -> str:
    """The nearest name that Cube takes for a member: `from` becomes `from_`."""
    found = identifier(name)
    if is_member_name(found):
        return found
    return found.replace("extends", "extend_s") if "extends" in found else f"{found}_"


def cube_name(name: str) -> str:
    """The nearest name that Cube takes for a cube or view: `public` becomes `public_`."""
    found = identifier(name)
    return found if is_cube_name(found) else f"{found}_"
