"""Cube's compiler, started once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.compile.compiler import HERE, Compiler
from tools.clone import Clone
from tools.node_packages import find_node, provide_node_packages


@pytest.fixture(scope="session")
def compiler() -> Iterator[Compiler]:
    clone = Clone.here()
    with Compiler(find_node(clone), provide_node_packages(HERE, clone)) as started:
        yield started
