"""Everything is denied but for the arrows of the architecture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.components.flows import (
    API,
    REFRESH_WORKER,
    STORE_ROUTER,
    STORE_WORKER,
    Outside,
    cube_flows,
    store_flows,
)
from floe_cube_infra.components.network_policies import Addresses, Flow, Namespace, components_of
from tests.components.recording import Objects, layer_of, shop

ALLOWED = ["api", "collector", "marquez", "marquez-web", "refresh-worker", "store-router", "store-worker"]
"""The components that may talk at all."""


def ends(rules: list[dict[str, Any]], side: str) -> set[tuple[str, int]]:
    """Who is at the other end, and on which port: `component`, `namespace/name` or a CIDR."""
    found = set()
    for rule in rules:
        for peer in rule[side]:
            if "podSelector" in peer:
                who = peer["podSelector"]["matchLabels"]["app.kubernetes.io/component"]
            elif "namespaceSelector" in peer:
                who = "namespace/" + peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
            else:
                who = peer["ipBlock"]["cidr"]
            found |= {(who, port["port"]) for port in rule["ports"]}
    return found


def policy(objects: Objects, name: str) -> dict[str, Any]:
    spec: dict[str, Any] = objects[f"NetworkPolicy/{name}"]["spec"]
    return spec


def test_everything_is_denied_to_everyone_first(everything: Objects) -> None:
    assert policy(everything, "default-deny") == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_everyone_may_ask_the_clusters_dns(everything: Objects) -> None:
    dns = policy(everything, "allow-dns")
    assert dns["policyTypes"] == ["Egress"]
    assert ends(dns["egress"], "to") == {("namespace/kube-system", 53)}
    (rule,) = dns["egress"]
    assert {port["protocol"] for port in rule["ports"]} == {"TCP", "UDP"}


def test_only_clients_reach_the_api_and_sql_only_through_tls(everything: Objects) -> None:
    assert ends(policy(everything, "allow-api")["ingress"], "from") == {
        (who, port) for who in ("namespace/ingress-nginx", "10.0.0.0/8") for port in (4000, 15433)
    }


def test_nobody_is_a_client_unless_the_settings_say_so(least: Objects) -> None:
    assert policy(least, "allow-api")["ingress"] == []


@pytest.mark.parametrize("component", ["api", "refresh-worker"])
def test_cube_asks_the_warehouse_cube_store_and_who_observes_it(everything: Objects, component: str) -> None:
    assert ends(policy(everything, f"allow-{component}")["egress"], "to") == {
        ("0.0.0.0/0", 5432),
        ("::/0", 5432),
        ("store-router", 3030),
        ("marquez", 5000),
        ("collector", 4318),
    }


def test_the_collector_asks_what_keeps_traces_and_answers_observers_and_prometheus(everything: Objects) -> None:
    spec = policy(everything, "allow-collector")
    assert ends(spec["egress"], "to") == {("10.20.0.0/16", 4317)}
    assert ends(spec["ingress"], "from") == {
        ("api", 4318),
        ("refresh-worker", 4318),
        ("namespace/prometheus", 8888),
    }


def test_only_cube_and_the_workers_reach_the_router(everything: Objects) -> None:
    assert ends(policy(everything, "allow-store-router")["ingress"], "from") == {
        ("api", 3030),
        ("refresh-worker", 3030),
        ("store-worker", 9999),
    }


def test_only_cube_store_reaches_its_workers(everything: Objects) -> None:
    assert ends(policy(everything, "allow-store-worker")["ingress"], "from") == {
        ("store-router", 10000),
        ("store-worker", 10000),
    }


def test_cube_store_asks_its_bucket(everything: Objects) -> None:
    for name in ("allow-store-router", "allow-store-worker"):
        assert {("0.0.0.0/0", 443), ("::/0", 443)} <= ends(policy(everything, name)["egress"], "to")


def test_marquez_is_told_by_cube_asked_by_its_web_pages_and_reached_by_nobody_else(
    everything: Objects, lineage: Objects
) -> None:
    told = {("api", 5000), ("refresh-worker", 5000)}
    assert ends(policy(lineage, "allow-marquez")["ingress"], "from") == told
    assert ends(policy(everything, "allow-marquez")["ingress"], "from") == told | {
        ("marquez-web", 5000),
        ("namespace/prometheus", 5001),
    }
    web = policy(everything, "allow-marquez-web")
    assert (web["ingress"], ends(web["egress"], "to")) == ([], {("marquez", 5000)})


def test_whoever_is_named_tells_marquez_too(tmp_path: Path) -> None:
    settings = {
        "cubeStore": {"storage": "volume", "workers": 0},
        "marquez": {"enabled": True, "web": True},
        "network": {"marquezClients": [{"namespace": "dbt"}]},
    }
    objects = layer_of(shop(settings, tmp_path)).objects
    assert ("namespace/dbt", 5000) in ends(policy(objects, "allow-marquez")["ingress"], "from")
    for name in ("allow-marquez-web", "allow-marquez-database", "allow-api"):
        assert "namespace/dbt" not in {who for who, _ in ends(policy(objects, name)["ingress"], "from")}


def test_marquez_asks_its_database_only(everything: Objects, lineage: Objects) -> None:
    assert ends(policy(everything, "allow-marquez")["egress"], "to") == {("0.0.0.0/0", 6432), ("::/0", 6432)}
    assert ends(policy(lineage, "allow-marquez")["egress"], "to") == {("marquez-database", 5432)}
    database = policy(lineage, "allow-marquez-database")
    assert (ends(database["ingress"], "from"), database["egress"]) == ({("marquez", 5432)}, [])


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("http://marquez.lineage.svc:5000", 5000),
        ("https://marquez.example.com", 443),
        ("http://marquez.example.com", 80),
    ],
)
def test_a_marquez_that_is_there_is_told_at_its_port(tmp_path: Path, url: str, port: int) -> None:
    settings = {
        "cubeStore": {"storage": "volume", "workers": 0},
        "marquez": {"url": url},
        "network": {"marquez": [{"namespace": "lineage"}]},
    }
    objects = layer_of(shop(settings, tmp_path)).objects
    for name in ("allow-api", "allow-refresh-worker"):
        assert ("namespace/lineage", port) in ends(policy(objects, name)["egress"], "to")
    assert not [name for name in objects if "marquez" in name]


def test_a_cloud_machines_own_credentials_are_out_of_reach(everything: Objects) -> None:
    blocks = [
        peer["ipBlock"]
        for name in ALLOWED
        for rule in policy(everything, f"allow-{name}")["egress"]
        for peer in rule["to"]
        if peer.get("ipBlock", {}).get("cidr") == "0.0.0.0/0"
    ]
    assert len(blocks) >= len(ALLOWED) - 2  # all but the web pages, and the collector, whose peers are named
    assert all(block["except"] == ["169.254.0.0/16"] for block in blocks)


def test_there_is_a_policy_for_each_component_and_it_selects_its_pods(everything: Objects) -> None:
    workloads = [thing for name, thing in everything.items() if name.split("/")[0] in {"Deployment", "StatefulSet"}]
    pods = [workload["spec"]["template"]["metadata"]["labels"] for workload in workloads]
    selected = [policy(everything, f"allow-{name}")["podSelector"]["matchLabels"] for name in ALLOWED]
    assert len(pods) == len(selected)
    assert all(any(labels.items() <= pod.items() for labels in selected) for pod in pods)


def test_flows_say_who_takes_part() -> None:
    warehouse = Outside(peers=[Namespace("postgres")], port=5432)
    flows = cube_flows([API], [Addresses("10.0.0.0/8")], [4000], [warehouse])
    assert flows == [
        Flow(source=Addresses("10.0.0.0/8"), target=API, ports=(4000,)),
        Flow(source=API, target=Namespace("postgres"), ports=(5432,)),
    ]
    assert components_of(flows) == [API]


def test_a_store_without_workers_or_bucket_has_cubes_arrows_only() -> None:
    flows = store_flows([API, REFRESH_WORKER], [], has_workers=False)
    assert components_of(flows) == [API, REFRESH_WORKER, STORE_ROUTER]
    assert {flow.target for flow in flows} == {STORE_ROUTER}
    assert STORE_WORKER in components_of(store_flows([API], [], has_workers=True))


def test_public_keys_are_asked_for_where_tokens_need_them(tmp_path: Path) -> None:
    settings = {
        "cubeStore": {"storage": "volume", "workers": 0},
        "tokens": {"algorithms": ["RS256"], "jwksUri": "https://login.example.com:8443/keys", "issuer": "login"},
        "network": {"identityProvider": [{"namespace": "login"}]},
    }
    objects = layer_of(shop(settings, tmp_path)).objects
    assert ("namespace/login", 8443) in ends(policy(objects, "allow-api")["egress"], "to")
