from __future__ import annotations

import pytest
from floe_cube_policies.pods import all_containers, kind_of, variable

POD = {"initContainers": [{"name": "first"}], "containers": [{"name": "then"}]}


@pytest.mark.parametrize(
    ("resource_type", "properties"),
    [
        ("kubernetes:core/v1:Pod", {"spec": POD}),
        ("kubernetes:apps/v1:DaemonSet", {"spec": {"template": {"spec": POD}}}),
        ("kubernetes:batch/v1:Job", {"spec": {"template": {"spec": POD}}}),
        ("kubernetes:batch/v1:CronJob", {"spec": {"jobTemplate": {"spec": {"template": {"spec": POD}}}}}),
    ],
)
def test_containers_are_found_in_every_kind_that_makes_pods(resource_type: str, properties: dict[str, object]) -> None:
    assert [each["name"] for each in all_containers(resource_type, properties)] == ["first", "then"]


@pytest.mark.parametrize(
    "resource_type", ["kubernetes:core/v1:Service", "floe:cube:CubeApi", "other:apps/v1:Deployment"]
)
def test_other_resources_have_none(resource_type: str) -> None:
    assert list(all_containers(resource_type, {"spec": {"template": {"spec": POD}}})) == []


def test_only_objects_of_kubernetes_have_a_kind() -> None:
    assert kind_of("kubernetes:core/v1:Service") == "Service"
    assert kind_of("aws:s3/bucket:Bucket") is None


def test_of_two_variables_with_one_name_the_last_holds() -> None:
    container = {"env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]}

    assert variable(container, "A") == {"name": "A", "value": "2"}
    assert variable(container, "B") is None
