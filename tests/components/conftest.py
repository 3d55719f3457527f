"""Stacks that are recorded once, for tests that only look."""

from __future__ import annotations

import pytest

from tests.components.recording import Objects, layer_of, shop

OBSERVER = "registry.example.com/floe-cube-observer:0.1.0"
EVERYTHING = {
    "environment": "prod",
    "namespace": "analytics",
    "api": {"replicas": 3, "maxReplicas": 6, "sqlApi": "shared", "memory": 4096},
    "sql": {
        "tlsSecret": "sql-tls",
        "loadBalancer": True,
        "annotations": {"service.beta.kubernetes.io/aws-load-balancer-scheme": "internal"},
        "sourceRanges": ["10.0.0.0/8"],
    },
    "ingress": {"kind": "ingress", "host": "cube.example.com", "tlsSecret": "cube-tls", "className": "nginx"},
    "network": {
        "clients": [{"namespace": "ingress-nginx"}, {"cidr": "10.0.0.0/8"}],
        "telemetry": [{"cidr": "10.20.0.0/16"}],
        "monitoring": [{"namespace": "prometheus"}],
    },
    "monitoring": {"serviceMonitors": True, "labels": {"release": "prometheus"}},
    "refreshWorker": {"concurrency": 4},
    "cubeStore": {"workers": 3, "storageClass": "gp3"},
    "marquez": {
        "enabled": True,
        "web": True,
        "replicas": 2,
        "databaseHost": "lineage.example.com",
        "databasePort": 6432,
        "databaseSecret": "lineage",
    },
    "secretKeys": {"marquezCaCertificate": "ca.crt"},
    "images": {
        "mirror": "registry.example.com/mirror",
        "pullSecrets": ["registry"],
        "observer": OBSERVER,
        "unpinned": "allowed",
    },
}
LINEAGE = {
    "namespace": "analytics",
    "cubeStore": {"storage": "volume", "workers": 0},
    "marquez": {"enabled": True, "databaseVolume": 20, "storageClass": "gp3"},
    "jaeger": {"enabled": True},
    "images": {"mirror": "registry.example.com/mirror", "pullSecrets": ["registry"], "observer": OBSERVER},
}
LEAST = {"api": {"sqlApi": "off"}, "cubeStore": {"storage": "volume", "workers": 0}}


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Objects:
    """A stack with all that can be had."""
    bucket = {"enabled": True, "s3_bucket": "tables", "s3_region": "eu-central-1"}
    return layer_of(shop(EVERYTHING, tmp_path_factory.mktemp("everything"), cube_store=bucket)).objects


@pytest.fixture(scope="session")
def lineage(tmp_path_factory: pytest.TempPathFactory) -> Objects:
    """A stack that keeps lineage in a database of its own."""
    return layer_of(shop(LINEAGE, tmp_path_factory.mktemp("lineage"))).objects


@pytest.fixture(scope="session")
def least(tmp_path_factory: pytest.TempPathFactory) -> Objects:
    """A stack with as little as can be."""
    return layer_of(shop(LEAST, tmp_path_factory.mktemp("least"))).objects
