"""A program that breaks every policy at once."""

import pulumi

POD = {
    "containers": [
        {
            "name": "cube",
            "image": "docker.io/cubejs/cube:latest",
            "securityContext": {"privileged": True},
            "env": [
                {"name": "CUBEJS_DEV_MODE", "value": "true"},
                {"name": "CUBEJS_API_SECRET", "value": "hush-hush"},
                {"name": "CUBEJS_CACHE_AND_QUEUE_DRIVER", "value": "memory"},
            ],
        }
    ]
}
ROUTER = {
    "containers": [
        {
            "name": "cube-store",
            "image": "docker.io/cubejs/cubestore:v1.7.43",
            "env": [{"name": "CUBESTORE_META_PORT", "value": "9999"}],
        }
    ]
}


def thing(api_version: str, kind: str, name: str, spec: dict[str, object]) -> None:
    group = api_version if "/" in api_version else f"core/{api_version}"
    metadata = {"name": name, "namespace": "bad"}
    pulumi.CustomResource(
        f"kubernetes:{group}:{kind}",
        name,
        {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec},
    )


def workload(kind: str, name: str, pod: dict[str, object], replicas: int) -> None:
    labels = {"app.kubernetes.io/component": name}
    spec = {
        "replicas": replicas,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }
    thing("apps/v1", kind, name, {**spec, "serviceName": name} if kind == "StatefulSet" else spec)


workload("Deployment", "cube-api", POD, 2)
workload("StatefulSet", "cube-store-router", ROUTER, 1)
workload("StatefulSet", "cube-store-router-b", ROUTER, 1)
thing("networking.k8s.io/v1", "Ingress", "cube", {"rules": [{"host": "cube.example.com"}]})
pulumi.CustomResource("aws:s3/bucket:Bucket", "tables", {"bucket": "tables"})
