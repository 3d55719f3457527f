from __future__ import annotations

import socket

import pytest

from floe_cube_infra.errors import LocalCubeError
from floe_cube_infra.local_cube.ports import free_port, usable_port


def test_a_free_port_is_taken_as_it_is_and_0_is_any() -> None:
    port = free_port()
    assert usable_port(port, "Cube", "--port") == port
    assert usable_port(0, "Cube", "--port") >= 1024


def test_a_port_in_use_is_told_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(LocalCubeError, match=rf"the port {port} .*something listens there.*--port 0 for any"):
            usable_port(port, "Cube", "--port")
