"""The consumption layer: every component, composed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes import Provider
from pulumi_kubernetes.core.v1 import Namespace
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from floe_cube_infra.components.config_maps import CubeConfigMaps, CubeConfigMapsArgs
from floe_cube_infra.components.cube_api import CubeApi, CubeApiArgs
from floe_cube_infra.generation import Generated
from floe_cube_infra.inputs.settings import KubernetesSettings, Settings
from floe_cube_infra.naming import recommended_labels

TYPE: Final = "floe:cube:ConsumptionLayer"


@dataclass(frozen=True, kw_only=True)
class ConsumptionLayerArgs:
    """What the layer is made of.

    Attributes:
        settings: The stack's settings.
        generated: What was generated from artifacts and manifest.
    """

    settings: Settings
    generated: Generated


class ConsumptionLayer(pulumi.ComponentResource):
    """Cube over a dbt project, as one component tree.

    Attributes:
        namespace: The namespace that everything is in.
        host: The name under which pods of the cluster reach the API.
        api_port: REST and GraphQL.
        sql_port: The SQL API; None if it is off.
    """

    namespace: pulumi.Output[str]
    host: pulumi.Output[str]
    api_port: int
    sql_port: int | None

    def __init__(self, name: str, args: ConsumptionLayerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(TYPE, name, None, opts)
        settings, generated = args.settings, args.generated
        self.api_port = generated.config.api_port
        self.sql_port = None if settings.api.sql_api == "off" else generated.config.sql_port
        child = self._child_options(name, settings.kubernetes)

        namespace = Namespace(
            name,
            metadata=ObjectMetaArgs(
                name=settings.namespace, labels=recommended_labels("namespace", settings.namespace)
            ),
            opts=child,
        )
        self.namespace = namespace.metadata.name
        files = CubeConfigMaps(
            name,
            CubeConfigMapsArgs(files=generated.files, namespace=self.namespace, instance=settings.namespace),
            opts=child,
        )
        api = CubeApi(
            f"{name}-api",
            CubeApiArgs(
                namespace=self.namespace,
                instance=settings.namespace,
                image=settings.api.image,
                replicas=settings.api.replicas,
                cpu=settings.api.cpu,
                memory_mib=settings.api.memory,
                port=self.api_port,
                sql_port=self.sql_port,
                environment=generated.environment,
                configuration=files.configuration,
                model=files.model,
            ),
            opts=child,
        )
        self.host = pulumi.Output.concat(api.service_name, ".", self.namespace, ".svc")
        self.register_outputs({"namespace": self.namespace, "host": self.host})

    def _child_options(self, name: str, kubernetes: KubernetesSettings) -> pulumi.ResourceOptions:
        """Children get a provider of their own where settings ask for one, else the one that `opts` gives."""
        if kubernetes.render_directory is None and kubernetes.context is None:
            return pulumi.ResourceOptions(parent=self)
        provider = Provider(
            name,
            render_yaml_to_directory=kubernetes.render_directory,
            context=kubernetes.context,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return pulumi.ResourceOptions(parent=self, providers={"kubernetes": provider})
