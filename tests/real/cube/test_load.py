"""A hundred clients of three organizations at once: nobody sees a row of others, and nobody gets an error."""

from __future__ import annotations

import pytest

from tests.real.cube.clients import Cube
from tests.real.cube.load import run_load, tokens_of

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("real cube")]


def test_a_hundred_clients_at_once_see_their_own_rows_and_no_error(cube: Cube) -> None:
    load = run_load(cube, clients=100, seconds=2, tokens=tokens_of())
    assert load.wrong == []
    assert len(load.seconds) >= 200


def test_rows_of_others_would_be_noticed(unguarded: Cube) -> None:
    load = run_load(unguarded, clients=3, seconds=0, tokens=tokens_of())
    assert len(load.wrong) == len(load.seconds) == 6
    assert all("sees [" in wrong for wrong in load.wrong)
