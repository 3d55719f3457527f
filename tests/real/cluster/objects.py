"""Objects for the tests on a control plane."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]
LABELS = {"app": "web"}


def config_map(namespace: str, name: str = "settings", **data: str) -> Object:
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def pod_template(image: str, **requests: str) -> Object:
    container = {"name": "web", "image": image, "resources": {"requests": requests}}
    return {"metadata": {"labels": LABELS}, "spec": {"containers": [container]}}


def deployment(namespace: str, image: str = "web:1", replicas: int = 2, **requests: str) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": namespace},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": LABELS},
            "template": pod_template(image, **requests),
        },
    }


def stateful_set(namespace: str, image: str = "web:1") -> Object:
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "store", "namespace": namespace},
        "spec": {
            "replicas": 2,
            "serviceName": "store",
            "selector": {"matchLabels": LABELS},
            "template": pod_template(image),
            "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": claim}],
        },
    }


def service(namespace: str, **spec: Any) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": namespace},
        "spec": {"selector": LABELS, "ports": [{"name": "http", "port": 80, "targetPort": 8080}]} | spec,
    }


def job(namespace: str, image: str = "job:1") -> Object:
    template = pod_template(image)
    template["spec"]["restartPolicy"] = "Never"
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "once", "namespace": namespace},
        "spec": {"template": template, "backoffLimit": 0},
    }


def secret(namespace: str, **texts: str) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "credentials", "namespace": namespace},
        "stringData": texts,
    }


def quota(namespace: str, **hard: str) -> Object:
    metadata = {"name": "quota", "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": metadata, "spec": {"hard": hard}}


def definition() -> Object:
    """Defines the kind Widget, in no namespace."""
    schema = {
        "type": "object",
        "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}},
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Cluster",
            "names": {"kind": "Widget", "plural": "widgets", "singular": "widget"},
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}],
        },
    }


def widget(size: object) -> Object:
    # In the foreground, Kubernetes takes half a minute to notice a kind that was defined just now.
    metadata = {"name": "w", "annotations": {"pulumi.com/deletionPropagationPolicy": "background"}}
    return {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": metadata, "spec": {"size": size}}
