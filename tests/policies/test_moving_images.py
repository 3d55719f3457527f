from __future__ import annotations

import pytest
from floe_cube_policies.moving_images import NO_MOVING_IMAGES

from tests.policies.judging import judge, workload

DEPLOYMENT = "kubernetes:apps/v1:Deployment"


@pytest.mark.parametrize(
    "image",
    [
        "cubejs/cube",
        "cubejs/cube:latest",
        "cubejs/cube:latest-jdk",
        "registry.example.com:5000/cubejs/cube",
        "registry.example.com:5000/cubejs/cube:latest",
        "",
    ],
)
def test_an_image_that_is_another_one_tomorrow_is_refused(image: str) -> None:
    (message,) = judge(NO_MOVING_IMAGES, DEPLOYMENT, workload([{"name": "cube", "image": image}]))

    assert f"runs {image or 'no image'}, which is another image tomorrow" in message


@pytest.mark.parametrize(
    "image",
    [
        "cubejs/cube:v1.7.43",
        "registry.example.com:5000/cubejs/cube:v1.7.43-jdk",
        f"cubejs/cube@sha256:{'0' * 64}",
        f"cubejs/cube:latest@sha256:{'0' * 64}",
    ],
)
def test_a_version_or_a_digest_is_allowed(image: str) -> None:
    assert judge(NO_MOVING_IMAGES, DEPLOYMENT, workload([{"name": "cube", "image": image}])) == []
