"""Where Secrets come from, as it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from floe_cube_infra.errors import SettingsError
from tests.components.recording import layer_of, pod_of, shop, variables_of

NO_BUCKET = {"storage": "volume", "workers": 0}


def test_an_external_secret_is_asked_for_by_name_and_holds_no_value(tmp_path: Path) -> None:
    secrets = {"external": {"cube-api": "prod/cube"}, "store": "vault"}
    objects = layer_of(shop({"cubeStore": NO_BUCKET, "secrets": secrets}, tmp_path)).objects
    external = objects["ExternalSecret/cube-api"]
    assert external["apiVersion"] == "external-secrets.io/v1"
    assert external["spec"] == {
        "refreshInterval": "1h",
        "secretStoreRef": {"name": "vault", "kind": "ClusterSecretStore"},
        "target": {"name": "cube-api", "creationPolicy": "Owner"},
        "dataFrom": [{"extract": {"key": "prod/cube"}}],
    }
    assert not [name for name in objects if name.startswith("Secret/")]


def test_every_pod_of_cube_gets_the_same_list_of_keys_and_rolls_with_it(tmp_path: Path) -> None:
    def reference(*generations: str) -> set[tuple[str, str]]:
        secrets = {"apiSecret": "generate", "generations": list(generations)}
        objects = layer_of(shop({"cubeStore": NO_BUCKET, "secrets": secrets}, tmp_path), preview=True).objects
        found = set()
        for workload in ("Deployment/cube-api", "Deployment/cube-refresh-worker"):
            (container,) = pod_of(objects, workload)["containers"]
            variables = variables_of(container)
            assert "CUBEJS_API_SECRET" not in variables
            key = variables["CUBEJS_API_SECRETS"]["secretKeyRef"]
            found.add((key["name"], key["key"]))
        return found

    (before,), (after,) = reference("may"), reference("november", "may")
    assert before[1] == after[1] == "secrets"
    assert before[0] != after[0]


@pytest.mark.parametrize(
    ("secrets", "problem"),
    [({"generations": ["a", "a"]}, "names one twice"), ({"external": {"cube-api": "x"}}, "without store")],
)
def test_contradictions_are_errors(tmp_path: Path, secrets: dict[str, object], problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        shop({"secrets": secrets}, tmp_path)
