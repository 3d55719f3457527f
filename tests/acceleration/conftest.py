"""The sample shop's model with proposed rollups, generated once."""

from __future__ import annotations

import pytest

from floe_cube_infra.acceleration import Explainer
from tests.real.cube.rolled_up import shop_with_proposed_rollups, with_more_rollups


@pytest.fixture(scope="session")
def explainer() -> Explainer:
    """Of the shop with rollups of many kinds, built for Amsterdam and for UTC."""
    return Explainer(with_more_rollups(shop_with_proposed_rollups().model), ["UTC", "Europe/Amsterdam"])
