from __future__ import annotations

import pytest

from tests.components.recording import Objects, pod_of, variables_of

WORKER = "Deployment/cube-refresh-worker"


def test_there_is_never_more_than_one(everything: Objects) -> None:
    spec = everything[WORKER]["spec"]
    assert spec["replicas"] == 1
    assert spec["strategy"] == {"type": "Recreate"}
    assert not [name for name in everything if "refresh-worker" in name and name.startswith("Horizontal")]


def test_it_refreshes_with_a_memory_and_heap_of_its_own(everything: Objects) -> None:
    (cube,) = pod_of(everything, WORKER)["containers"]
    variables = variables_of(cube)
    assert variables["CUBEJS_REFRESH_WORKER"] == "true"
    assert variables["CUBEJS_REFRESH_WORKER_CONCURRENCY"] == "4"
    assert cube["resources"]["limits"]["memory"] == "6144Mi"
    assert variables["NODE_OPTIONS"] == "--max-old-space-size=4608"


@pytest.mark.parametrize("name", ["everything", "least"])
def test_it_offers_nothing_to_anyone(name: str, request: pytest.FixtureRequest) -> None:
    objects: Objects = request.getfixturevalue(name)
    (cube,) = pod_of(objects, WORKER)["containers"]
    assert "CUBEJS_PG_SQL_PORT" not in variables_of(cube)
    assert "Service/cube-refresh-worker" not in objects
    assert objects["NetworkPolicy/allow-refresh-worker"]["spec"]["ingress"] == []


def test_its_files_are_the_apis(everything: Objects) -> None:
    def files(workload: str) -> list[object]:
        return [
            volume for volume in pod_of(everything, workload)["volumes"] if volume["name"] in {"configuration", "model"}
        ]

    assert files(WORKER) == files("Deployment/cube-api")


def test_its_probes_ask_an_endpoint_that_it_serves(everything: Objects) -> None:
    (cube,) = pod_of(everything, WORKER)["containers"]
    (port,) = cube["ports"]
    for probe in ("startupProbe", "livenessProbe"):
        assert cube[probe]["httpGet"] == {"path": "/livez", "port": port["name"]}
    assert cube["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": port["name"]}
    assert variables_of(cube)["PORT"] == str(port["containerPort"])
