from __future__ import annotations

from pathlib import Path

from tests.components.recording import Objects, layer_of, shop


def test_an_ingress_ends_tls_and_leads_to_cubes_api_only(everything: Objects) -> None:
    spec = everything["Ingress/cube"]["spec"]
    assert spec["ingressClassName"] == "nginx"
    assert spec["tls"] == [{"hosts": ["cube.example.com"], "secretName": "cube-tls"}]
    (rule,) = spec["rules"]
    assert rule["host"] == "cube.example.com"
    (path,) = rule["http"]["paths"]
    assert (path["path"], path["pathType"]) == ("/cubejs-api", "Prefix")
    assert path["backend"] == {"service": {"name": "cube-api", "port": {"number": 4000}}}


def test_a_route_of_the_gateway_api_names_the_listener_that_ends_tls(tmp_path: Path) -> None:
    gateway = {
        "kind": "gateway",
        "host": "cube.example.com",
        "gateway": "public",
        "gatewayNamespace": "gateways",
        "gatewaySection": "https",
    }
    route = layer_of(shop({"ingress": gateway, "cubeStore": {"storage": "volume", "workers": 0}}, tmp_path)).objects[
        "HTTPRoute/cube"
    ]
    assert route["apiVersion"] == "gateway.networking.k8s.io/v1"
    assert route["spec"]["parentRefs"] == [{"name": "public", "namespace": "gateways", "sectionName": "https"}]
    assert route["spec"]["hostnames"] == ["cube.example.com"]
    (rule,) = route["spec"]["rules"]
    assert rule["matches"] == [{"path": {"type": "PathPrefix", "value": "/cubejs-api"}}]
    assert rule["backendRefs"] == [{"name": "cube-api", "port": 4000}]


def test_there_is_no_way_in_unless_it_is_asked_for(least: Objects) -> None:
    assert not [name for name in least if name.split("/")[0] in {"Ingress", "HTTPRoute"}]
