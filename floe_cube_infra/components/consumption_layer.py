"""The consumption layer: every component, composed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes import Provider
from pulumi_kubernetes.core.v1 import Namespace
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from floe_cube_infra.components.composition.cube import (
    api_args,
    cube_runtime,
    public_endpoint_args,
    refresh_worker_args,
    sql_port,
)
from floe_cube_infra.components.composition.cube_store import cube_store_args, has_own_store
from floe_cube_infra.components.composition.export_bucket import MadeExportBucket, export_bucket
from floe_cube_infra.components.composition.marquez import marquez_args, marquez_endpoint
from floe_cube_infra.components.composition.monitoring import service_monitors_args
from floe_cube_infra.components.composition.network import network_policies_args
from floe_cube_infra.components.composition.object_storage import manages_bucket, object_storage
from floe_cube_infra.components.composition.observation import make_observation, observer_sidecar
from floe_cube_infra.components.composition.secrets import make_secrets
from floe_cube_infra.components.composition.sql_services import sql_service_args
from floe_cube_infra.components.config_maps import CubeConfigMaps, CubeConfigMapsArgs
from floe_cube_infra.components.cube_api import CubeApi
from floe_cube_infra.components.cube_store.store import CubeStore
from floe_cube_infra.components.marquez.marquez import Marquez
from floe_cube_infra.components.network_policies import NetworkPolicies
from floe_cube_infra.components.object_storage import ObjectStorage
from floe_cube_infra.components.pod_security import NAMESPACE_LABELS
from floe_cube_infra.components.public_endpoint import PublicEndpoint
from floe_cube_infra.components.refresh_worker import RefreshWorker
from floe_cube_infra.components.service_monitors import ServiceMonitors
from floe_cube_infra.components.sql_tls import SqlTls, sql_proxy_configuration
from floe_cube_infra.generation import Generated
from floe_cube_infra.inputs.images import image
from floe_cube_infra.inputs.settings import KubernetesSettings, Settings
from floe_cube_infra.naming import MARQUEZ, recommended_labels
from floe_cube_infra.render.component_environment import StoreAddress

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
        public_url: Where clients outside the cluster find REST and GraphQL; None if they don't.
        api_service_name: The API's Service.
        organization_sql_hosts: Where each organization that has a SQL API of its own finds it.
        storage: Cube Store's bucket; None where it keeps its tables elsewhere.
        export_bucket: What the stack made of the bucket that the warehouse unloads into.
        cube_store_service_name: The Service of Cube Store's router; None where it isn't the stack's own.
        collector_endpoint: Where traces and metrics are sent; None where nothing is observed.
        marquez_endpoint: What keeps the lineage; None where nothing does.
        managed_buckets: The buckets that the stack made or adopted, known once they are.
    """

    namespace: pulumi.Output[str]
    host: pulumi.Output[str]
    api_port: int
    sql_port: int | None
    public_url: str | None
    api_service_name: pulumi.Output[str]
    organization_sql_hosts: dict[str, pulumi.Output[str]]
    storage: ObjectStorage | None
    export_bucket: MadeExportBucket
    cube_store_service_name: pulumi.Output[str] | None
    collector_endpoint: pulumi.Input[str] | None
    marquez_endpoint: pulumi.Input[str] | None
    managed_buckets: list[pulumi.Input[str]]

    def __init__(self, name: str, args: ConsumptionLayerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(TYPE, name, None, opts)
        self._args = args
        self._child = self._child_options(name, args.settings.kubernetes)
        self.api_port = args.generated.config.api_port
        self.sql_port = sql_port(args.settings, args.generated)

        self.namespace = self._namespace(name)
        self.storage = object_storage(f"{name}-store", args.settings, args.generated, self._child)
        is_managed = self.storage is not None and manages_bucket(args.settings, args.generated.artifacts)
        self.managed_buckets = [self.storage.bucket] if self.storage is not None and is_managed else []
        self.export_bucket = export_bucket(name, args.settings, args.generated.export_bucket, self._child)
        if self.export_bucket.bucket is not None:
            self.managed_buckets.append(self.export_bucket.bucket)
        store, store_address = self._cube_store(f"{name}-store", self.storage)
        self.cube_store_service_name = None if store is None else store.host
        self.collector_endpoint = make_observation(
            args.settings, args.generated, namespace=self.namespace, opts=self._child
        )
        secrets = make_secrets(name, args.settings, args.generated, namespace=self.namespace, opts=self._child)
        api = self._cube(name, [*secrets, *([store] if store is not None else [])], store_address)
        if args.settings.marquez.enabled:
            Marquez(MARQUEZ, marquez_args(args.settings, namespace=self.namespace), opts=self._child)
        self.marquez_endpoint = marquez_endpoint(args.settings, self.namespace)
        self.public_url = self._public_endpoint(name, api)
        if args.settings.network.policies:
            policies = network_policies_args(
                args.settings, args.generated, namespace=self.namespace, storage=self.storage
            )
            NetworkPolicies(name, policies, opts=self._child)
        monitors = service_monitors_args(args.settings, args.generated, namespace=self.namespace)
        if monitors is not None:
            ServiceMonitors(name, monitors, opts=self._child)
        self.api_service_name = api.service_name
        self.host = self._host(api)
        self.register_outputs({"namespace": self.namespace, "host": self.host, "publicUrl": self.public_url})

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

    def _namespace(self, name: str) -> pulumi.Output[str]:
        settings = self._args.settings
        labels = recommended_labels("namespace", settings.namespace)
        namespace = Namespace(
            name,
            metadata=ObjectMetaArgs(name=settings.namespace, labels={**labels, **NAMESPACE_LABELS}),
            # With the namespace its volumes would go.
            opts=pulumi.ResourceOptions.merge(
                self._child, pulumi.ResourceOptions(retain_on_delete=settings.data_is_protected or None)
            ),
        )
        return namespace.metadata.name

    def _cube_store(self, name: str, storage: ObjectStorage | None) -> tuple[CubeStore | None, StoreAddress | None]:
        settings = self._args.settings
        if has_own_store(settings):
            args = cube_store_args(settings, namespace=self.namespace, storage=storage)
            return CubeStore(name, args, opts=self._child), StoreAddress(host=f"{name}-router")
        if settings.cube_store.enabled and settings.cube_store.host is not None:
            return None, StoreAddress(host=settings.cube_store.host, port=settings.cube_store.port)
        return None, None

    def _cube(self, name: str, before: list[pulumi.Resource], address: StoreAddress | None) -> CubeApi:
        settings, generated = self._args.settings, self._args.generated
        files = CubeConfigMaps(
            name,
            CubeConfigMapsArgs(files=generated.files, namespace=self.namespace, instance=settings.namespace),
            opts=self._child,
        )
        runtime = cube_runtime(settings, generated, files, role_arn=self.export_bucket.role_arn)
        observer = observer_sidecar(settings, generated, files)
        # Cube asks Cube Store, and needs its Secrets, from its first moment on.
        after_store = pulumi.ResourceOptions.merge(self._child, pulumi.ResourceOptions(depends_on=before or None))
        if settings.refresh_worker.enabled:
            worker = refresh_worker_args(
                settings, generated, namespace=self.namespace, runtime=runtime, store=address, observer=observer
            )
            RefreshWorker(f"{name}-refresh-worker", worker, opts=after_store)
        sql_tls = self._sql_tls(f"{name}-sql-proxy")
        api = api_args(
            settings,
            generated,
            namespace=self.namespace,
            runtime=runtime,
            store=address,
            sql_tls=sql_tls if self.sql_port is not None else None,
            observer=observer,
        )
        sql_services = sql_service_args(settings, generated, api, sql_tls)
        self.organization_sql_hosts = {
            organization: self._host(CubeApi(f"{name}-{args.component}", args, opts=after_store))
            for organization, args in sql_services.items()
        }
        return CubeApi(f"{name}-api", api, opts=after_store)

    def _host(self, api: CubeApi) -> pulumi.Output[str]:
        return pulumi.Output.concat(api.service_name, ".", self.namespace, ".svc")

    def _sql_tls(self, name: str) -> SqlTls | None:
        settings = self._args.settings
        if settings.sql_api == "off" or settings.sql.tls_secret is None:
            return None
        routes = sql_proxy_configuration(
            name,
            namespace=self.namespace,
            instance=settings.namespace,
            sql_port=self._args.generated.config.sql_port,
            opts=self._child,
        )
        return SqlTls(
            image=image("sql_proxy", settings.images),
            configuration=routes.metadata.name,
            tls_secret=settings.sql.tls_secret,
        )

    def _public_endpoint(self, name: str, api: CubeApi) -> str | None:
        args = public_endpoint_args(
            self._args.settings, namespace=self.namespace, service=api.service_name, port=self.api_port
        )
        return None if args is None else PublicEndpoint(name, args, opts=self._child).url
