"""Cube's compiler, started once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from floe_cube_infra.local_cube.node import find_node
from floe_cube_infra.local_cube.packages import provide_packages
from tests.compile.compiler import HERE, Compiler


@pytest.fixture(scope="session")
def compiler() -> Iterator[Compiler]:
    node = find_node()
    with Compiler(node.program, provide_packages(HERE, node)) as started:
        yield started
