from __future__ import annotations

import base64
import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.offline.kubernetes.validation.objects import problems_of
from floe_cube_infra.offline.wire import UNKNOWN, Secret
from tests.offline.values import PLAIN_VALUES, VALUES

SPEC = "spec"
POD = "spec.template.spec"
BOX = f"{POD}.containers[0]"


def _set(manifest, path, value):
    """Gives a copy with the value at a path of keys and indices; DELETE removes it."""
    manifest = copy.deepcopy(manifest)
    parent = manifest
    for step in path[:-1]:
        parent = parent[step]
    if value is DELETE:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return manifest


DELETE = object()
_POD = (SPEC, "template", SPEC)
_BOX = (*_POD, "containers", 0)
_LABELS = (SPEC, "template", "metadata", "labels")


def _told(manifest):
    return {problem.path: problem.reason for problem in problems_of(manifest)}


def test_good_objects_have_no_problems(deployment, config_map, secret):
    assert [_told(manifest) for manifest in (deployment, config_map, secret)] == [{}, {}, {}]


@pytest.mark.parametrize(
    ("path", "value", "told_at", "reason"),
    [
        (("kind",), DELETE, "kind", "is missing"),
        (("apiVersion",), 1, "apiVersion", "must be a string, but is a number"),
        (("metadata",), "web", "metadata", "must be a mapping, but is a string"),
        (("metadata", "name"), 5, "metadata.name", "must be a string, but is a number"),
        (("metadata", "name"), "Web_1", "metadata.name", "DNS-1123 subdomain"),
        (("metadata", "name"), "a" * 254, "metadata.name", "at most 253"),
        (("metadata", "name"), "../../etc", "metadata.name", "DNS-1123"),
        (("metadata", "namespace"), "a.b", "metadata.namespace", "DNS-1123 label"),
        (("metadata", "namespace"), 1, "metadata.namespace", "must be a string"),
        (("metadata", "labels"), {"a b": "c"}, "metadata.labels.a b", "qualified name"),
        (("metadata", "labels"), {"A.b/c": "c"}, 'metadata.labels["A.b/c"]', "prefix"),
        (("metadata", "labels"), {"a": "b c"}, "metadata.labels.a", "'b c' isn't a label value"),
        (("metadata", "labels"), {"a": "b" * 64}, "metadata.labels.a", "at most 63"),
        (("metadata", "labels"), {"a": 1}, "metadata.labels.a", "put it in quotes"),
        (("metadata", "annotations"), {"a": True}, "metadata.annotations.a", "but is a boolean"),
        (("metadata", "annotations"), {"a": "x" * 300_000}, "metadata.annotations", "300001 bytes"),
        (("specs",), {}, "specs", "did you mean spec"),
        ((SPEC,), DELETE, SPEC, "is missing"),
        ((SPEC,), [], SPEC, "must be a mapping, but is a list"),
        ((SPEC, "replicas"), -1, "spec.replicas", "less than 0"),
        ((SPEC, "selector"), DELETE, "spec.selector", "is missing"),
        ((SPEC, "selector", "matchLabels"), {"app": "x"}, "spec.selector.matchLabels.app", "has 'web'"),
        ((SPEC, "selector", "matchLabels"), {"b": "x"}, "spec.selector.matchLabels.b", "doesn't have it"),
        ((SPEC, "template"), DELETE, "spec.template", "is missing"),
        ((*_LABELS, "-"), "x", "spec.template.metadata.labels.-", "key"),
        (_POD, DELETE, POD, "is missing"),
        ((*_POD, "containers"), [], f"{POD}.containers", "at least one"),
        ((*_POD, "containers"), ["web"], f"{POD}.containers[0]", "must be a mapping"),
        ((*_POD, "initContainers"), [{"name": "web", "image": "x"}], f"{POD}.initContainers[0].name", "already"),
        ((*_POD, "restartPolicy"), "Never", f"{POD}.restartPolicy", "a Deployment allows Always"),
        ((*_POD, "volumes"), [], f"{BOX}.volumeMounts[0].name", "no volume 'files' in the pod"),
        ((*_POD, "volumes", 0, "hostPath"), {"path": "/"}, f"{POD}.volumes[0]", "emptyDir, hostPath"),
        ((*_POD, "volumes", 0, "emptyDir", "sizeLimit"), "a", f"{POD}.volumes[0].emptyDir.sizeLimit", "quantity"),
        ((*_BOX, "name"), DELETE, f"{BOX}.name", "is missing"),
        ((*_BOX, "name"), "A", f"{BOX}.name", "DNS-1123 label"),
        ((*_BOX, "image"), "", f"{BOX}.image", "is missing"),
        ((*_BOX, "resources", "requests", "cpu"), "1 cpu", f"{BOX}.resources.requests.cpu", "quantity"),
        ((*_BOX, "resources", "limits"), {"memory": "2GB"}, f"{BOX}.resources.limits.memory", "quantity"),
        ((*_BOX, "ports", 0, "containerPort"), 0, f"{BOX}.ports[0].containerPort", "1 to 65535"),
        ((*_BOX, "ports", 0, "containerPort"), "80", f"{BOX}.ports[0].containerPort", "'80' isn't a port"),
        ((*_BOX, "ports", 0, "containerPort"), DELETE, f"{BOX}.ports[0].containerPort", "is missing"),
        ((*_BOX, "ports", 0, "name"), "much-too-long-name", f"{BOX}.ports[0].name", "at most 15"),
        ((*_BOX, "ports"), [{"name": "a", "containerPort": 1}] * 2, f"{BOX}.ports[1].name", "already a port"),
        ((*_BOX, "volumeMounts", 0, "mountPath"), DELETE, f"{BOX}.volumeMounts[0].mountPath", "is missing"),
        ((*_BOX, "env"), [{"value": "a"}], f"{BOX}.env[0].name", "is missing"),
        ((*_BOX, "env"), [{"name": "A", "value": 1}], f"{BOX}.env[0].value", "but is a number"),
        (
            (*_BOX, "env"),
            [{"name": "A", "value": "a", "valueFrom": {"fieldRef": {}}}],
            f"{BOX}.env[0].valueFrom",
            "beside value",
        ),
    ],
)
def test_a_malformed_deployment_is_told_where_and_why(deployment, path, value, told_at, reason):
    told = _told(_set(deployment, path, value))
    assert list(told) == [told_at]
    assert reason in told[told_at]


def test_every_problem_is_told_at_once(deployment):
    deployment["metadata"]["name"] = "A"
    deployment["metadata"]["labels"] = {"a": 1}
    deployment["spec"]["replicas"] = -1
    assert list(_told(deployment)) == ["metadata.name", "metadata.labels.a", "spec.replicas"]


@pytest.mark.parametrize(
    ("changed", "told_at", "reason"),
    [
        ({"data": {"a b": "x"}}, "data.a b", "isn't a valid key"),
        ({"data": {"a": {"b": 1}}}, "data.a", "must be a string, but is a mapping"),
        ({"data": {"a": 1}}, "data.a", "must be a string, but is a number"),
        ({"data": {"a": "é" * 600_000}}, "data", "1200000 bytes; at most 1048576"),
        ({"data": {"a": "x"}, "binaryData": {"a": "eA=="}}, "binaryData.a", "also a key of data"),
        ({"binaryData": {"a": "not base64!"}}, "binaryData.a", "must be a base64 string"),
        ({"binaryData": {"a": 1}}, "binaryData.a", "must be a base64 string"),
        ({"binaryData": {"a": base64.b64encode(b"x" * 1_048_577).decode()}}, "data", "1048587 bytes"),
        ({"data": "text"}, "data", "must be a mapping"),
        ({"Data": {}}, "Data", "did you mean data"),
    ],
)
def test_a_malformed_config_map_is_told_where_and_why(config_map, changed, told_at, reason):
    told = _told(config_map | changed)
    assert list(told) == [told_at]
    assert reason in told[told_at]


def test_a_config_map_may_be_as_large_as_kubernetes_takes_it(config_map):
    assert _told(config_map | {"data": {"a": "x" * 1_048_576}}) == {}


@pytest.mark.parametrize(
    ("changed", "told_at"),
    [
        ({"data": {"a": "hunter2 in clear"}}, "data.a"),
        ({"stringData": {"hunter2?": 5}}, "stringData.hunter2?"),
        ({"type": "kubernetes.io/tls", "data": Secret({"tls.crt": "eA=="})}, 'data["tls.key"]'),
    ],
)
def test_a_malformed_secret_is_told_without_its_values(secret, changed, told_at):
    told = _told(secret | {"stringData": {}} | changed)
    assert told_at in told
    assert "in clear" not in str(told)


def test_a_secret_value_anywhere_is_neither_checked_nor_quoted(deployment):
    deployment["metadata"]["labels"] = {"a": Secret("hunter2 !")}
    deployment["spec"]["replicas"] = Secret(-1)
    assert _told(deployment) == {}


def _service(**spec):
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec}


@pytest.mark.parametrize(
    ("manifest", "told_at"),
    [
        (_service(selector={"a": "b"}), "spec.ports"),
        (_service(type="Cluster", ports=[{"port": 1}]), "spec.type"),
        (_service(type="ExternalName"), "spec.externalName"),
        (_service(ports=[{"port": 70000}]), "spec.ports[0].port"),
        (_service(ports=[{"port": 1, "targetPort": "HTTP"}]), "spec.ports[0].targetPort"),
        (_service(ports=[{"port": 1, "targetPort": 0}]), "spec.ports[0].targetPort"),
        (_service(ports=[{"port": 1, "name": "A"}]), "spec.ports[0].name"),
        (_service(ports=[{"port": 1, "name": "a"}, {"port": 2}]), "spec.ports[1].name"),
        (_service(ports=[{"port": 1, "name": "a"}, {"port": 2, "name": "a"}]), "spec.ports[1].name"),
        (_service(ports=[{"port": 1}], selector={"a": 1}), "spec.selector.a"),
        (_service(ports=[{"port": 1}]) | {"metadata": {"name": "1web"}}, "metadata.name"),
        ({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}}, "spec"),
    ],
)
def test_a_malformed_service_is_told_where(manifest, told_at):
    assert list(_told(manifest)) == [told_at]


@pytest.mark.parametrize(
    "manifest",
    [
        _service(type="ExternalName", externalName="example.com"),
        _service(clusterIP="None", selector={"a": "b"}),
        _service(ports=[{"port": 80, "targetPort": "http"}]),
        _service(ports=UNKNOWN),
    ],
)
def test_a_service_that_needs_no_ports_or_has_them_is_fine(manifest):
    assert _told(manifest) == {}


def _job(**pod):
    template = {"spec": {"containers": [{"name": "a", "image": "b"}], **pod}}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a"}, "spec": {"template": template}}


def test_a_job_says_what_happens_when_its_pod_ends():
    assert _told(_job(restartPolicy="Never")) == {}
    assert list(_told(_job())) == ["spec.template.spec.restartPolicy"]
    assert list(_told(_job(restartPolicy="Always"))) == ["spec.template.spec.restartPolicy"]


def test_a_cron_job_has_a_schedule_a_short_name_and_a_good_job():
    job = _job(restartPolicy="Never")["spec"]
    cron = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "nightly"},
        "spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": job}},
    }
    assert _told(cron) == {}
    job["template"]["spec"]["containers"] = []
    del cron["spec"]["schedule"]
    cron["metadata"]["name"] = "a" * 53
    assert list(_told(cron)) == [
        "metadata.name",
        "spec.schedule",
        "spec.jobTemplate.spec.template.spec.containers",
    ]


def test_a_stateful_set_mounts_its_own_claims(deployment):
    deployment["kind"] = "StatefulSet"
    del deployment["spec"]["template"]["spec"]["volumes"]
    assert "volumeMounts[0]" in str(_told(deployment))
    deployment["spec"]["volumeClaimTemplates"] = [{"metadata": {"name": "files"}, "spec": {}}]
    assert _told(deployment) == {}


def test_a_pod_is_checked_like_a_template():
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": []}}
    assert list(_told(pod)) == ["spec.containers"]


def test_roles_may_be_named_as_urls_allow():
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "system:a:B"}}
    assert _told(role) == {}
    role["metadata"]["name"] = "../a"
    assert list(_told(role)) == ["metadata.name"]


def test_a_custom_resource_may_have_any_field():
    assert _told({"apiVersion": "a.b/v1", "kind": "X", "metadata": {"name": "a"}, "anything": [1]}) == {}


@given(st.data())
def test_whatever_isnt_known_yet_is_no_problem(data):
    manifest = {
        "apiVersion": "apps/v1",
        "kind": data.draw(st.sampled_from(["Deployment", "StatefulSet"])),
        "metadata": {"name": "web", "labels": {"a": "b"}, "annotations": {"a": "b"}},
        "spec": {
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {
                    "volumes": [{"name": "v", "emptyDir": {"sizeLimit": "1Gi"}}],
                    "containers": [
                        {
                            "name": "a",
                            "image": "b",
                            "env": [{"name": "A", "value": "b"}],
                            "ports": [{"name": "http", "containerPort": 80}],
                            "volumeMounts": [{"name": "v", "mountPath": "/v"}],
                            "resources": {"limits": {"cpu": "1"}},
                        }
                    ],
                },
            },
        },
    }

    def blur(value):
        if data.draw(st.integers(0, 9)) == 0:
            return data.draw(st.sampled_from([UNKNOWN, Secret(UNKNOWN), Secret(value)]))
        if isinstance(value, dict):
            return {key: blur(item) for key, item in value.items()}
        return [blur(item) for item in value] if isinstance(value, list) else value

    blurred = {key: blur(value) if key in ("metadata", "spec") else value for key, value in manifest.items()}
    assert problems_of(blurred) == []


@given(
    st.sampled_from(["Deployment", "StatefulSet", "Job", "CronJob", "Pod", "Service", "ConfigMap", "Secret"]),
    VALUES,
    VALUES,
    st.dictionaries(st.sampled_from(["data", "binaryData", "stringData", "spec"]), VALUES),
    PLAIN_VALUES,
)
def test_no_object_however_malformed_stops_the_rules(kind, metadata, spec, more, template):
    group = {"Deployment": "apps/v1", "StatefulSet": "apps/v1", "Job": "batch/v1", "CronJob": "batch/v1"}
    manifest = {"apiVersion": group.get(kind, "v1"), "kind": kind, "metadata": metadata, "spec": spec, **more}
    problems_of(manifest)
    problems_of(manifest | {"spec": {"template": {"spec": template, "metadata": metadata}, "selector": spec}})
    problems_of(manifest | {"spec": {"containers": [template], "volumes": [spec], "ports": [template]}})
    problems_of(manifest | {"spec": {"template": {"spec": {"containers": [{"env": [spec], "ports": template}]}}}})
