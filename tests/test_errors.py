from __future__ import annotations

import inspect
import re

import pytest

from floe_cube_infra import errors
from floe_cube_infra.errors import FloeCubeError, InputError, OutputError

CLASSES = [found for _, found in inspect.getmembers(errors, inspect.isclass) if issubclass(found, FloeCubeError)]


def drawn_tree() -> dict[str, str]:
    """The parent of each class in the module's drawing, by indentation."""
    parents: dict[str, str] = {}
    above: list[tuple[int, str]] = [(-1, "Exception")]
    for indent, name in re.findall(r"^( *)(\w+Error)\b", errors.__doc__ or "", re.MULTILINE):
        while above[-1][0] >= len(indent):
            above.pop()
        parents[name] = above[-1][1]
        above.append((len(indent), name))
    return parents


def test_the_drawn_tree_is_the_real_one() -> None:
    assert drawn_tree() == {found.__name__: found.__bases__[0].__name__ for found in CLASSES}


@pytest.mark.parametrize("kind", [found for found in CLASSES if issubclass(found, InputError)])
def test_an_input_error_is_its_summary_and_every_problem_on_a_line(kind: type[InputError]) -> None:
    error = kind("The file is wrong:", (problem for problem in ("one", "two")))

    assert (error.summary, error.problems) == ("The file is wrong:", ("one", "two"))
    assert str(error) == "The file is wrong:\n  - one\n  - two"
    assert str(kind("It is missing.")) == "It is missing."


def test_other_errors_are_their_sentence() -> None:
    assert str(OutputError("The folder can't be written.")) == "The folder can't be written."
