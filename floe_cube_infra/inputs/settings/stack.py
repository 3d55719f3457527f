"""All settings of a stack, a section each."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, field_validator

from floe_cube_infra.inputs.settings.api import ApiSettings
from floe_cube_infra.inputs.settings.bucket import BucketSettings
from floe_cube_infra.inputs.settings.collector import CollectorSettings, JaegerSettings
from floe_cube_infra.inputs.settings.cube_store import CubeStoreSettings
from floe_cube_infra.inputs.settings.export_bucket import ExportBucketSettings
from floe_cube_infra.inputs.settings.generated_secrets import SecretsSettings
from floe_cube_infra.inputs.settings.images import ImageSettings
from floe_cube_infra.inputs.settings.ingress import IngressSettings
from floe_cube_infra.inputs.settings.kubernetes import KubernetesSettings
from floe_cube_infra.inputs.settings.limits import LimitSettings
from floe_cube_infra.inputs.settings.marquez import MarquezSettings
from floe_cube_infra.inputs.settings.models import ModelSettings
from floe_cube_infra.inputs.settings.monitoring import MonitoringSettings
from floe_cube_infra.inputs.settings.network import NetworkSettings
from floe_cube_infra.inputs.settings.observability import ObservabilitySettings
from floe_cube_infra.inputs.settings.refresh_worker import RefreshWorkerSettings
from floe_cube_infra.inputs.settings.secrets import SecretKeySettings
from floe_cube_infra.inputs.settings.section import Section
from floe_cube_infra.inputs.settings.security import SecuritySettings
from floe_cube_infra.inputs.settings.sql import SqlSettings
from floe_cube_infra.inputs.settings.tokens import TokenSettings
from floe_cube_infra.model.gateway import SqlApi
from floe_cube_infra.naming import is_dns_label

SETTINGS_VERSION: Final = 1
"""Of the contract that a stack's file keeps to: it rises when a former name is refused, a setting goes, or one means
something else. New settings with defaults leave it as it is."""

Environment = Literal["local", "dev", "staging", "prod"]


class Settings(Section):
    """All settings of a stack.

    Attributes:
        artifacts: compiled_artifacts.json: a path (relative to the project, or absolute), `s3://` or `https://`.
        manifest: dbt's manifest.json; by default `dbt_manifest_path` of the artifacts, taken from their folder.
        catalog: dbt's catalog.json; used for columns and types that the manifest doesn't have.
        environment: Which kind of stack this is; `prod` and `staging` are held to more.
        namespace: The Kubernetes namespace, created by the stack.
        protect_data: Whether what holds data (namespace, volumes, buckets) outlives the stack; by default in `prod`.
        models: See `ModelSettings`.
        security: See `SecuritySettings`.
        secret_keys: See `SecretKeySettings`.
        tokens: See `TokenSettings`.
        limits: See `LimitSettings`.
        secrets: See `SecretsSettings`.
        api: See `ApiSettings`.
        sql: See `SqlSettings`.
        refresh_worker: See `RefreshWorkerSettings`.
        cube_store: See `CubeStoreSettings`.
        bucket: See `BucketSettings`.
        export_bucket: See `ExportBucketSettings`.
        marquez: See `MarquezSettings`.
        ingress: See `IngressSettings`.
        network: See `NetworkSettings`.
        observability: See `ObservabilitySettings`.
        collector: See `CollectorSettings`.
        jaeger: See `JaegerSettings`.
        monitoring: See `MonitoringSettings`.
        images: See `ImageSettings`.
        kubernetes: See `KubernetesSettings`.
    """

    artifacts: Annotated[str, Field(min_length=1)]
    manifest: str | None = None
    catalog: str | None = None
    environment: Environment
    namespace: str = "floe-cube"
    protect_data: bool | None = None
    models: ModelSettings = Field(default_factory=ModelSettings)
    security: SecuritySettings = Field(default_factory=SecuritySettings)
    secret_keys: SecretKeySettings = Field(default_factory=SecretKeySettings)
    tokens: TokenSettings = Field(default_factory=TokenSettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    secrets: SecretsSettings = Field(default_factory=SecretsSettings)
    api: ApiSettings = Field(default_factory=ApiSettings)
    sql: SqlSettings = Field(default_factory=SqlSettings)
    refresh_worker: RefreshWorkerSettings = Field(default_factory=RefreshWorkerSettings)
    cube_store: CubeStoreSettings = Field(default_factory=CubeStoreSettings)
    bucket: BucketSettings = Field(default_factory=BucketSettings)
    export_bucket: ExportBucketSettings = Field(default_factory=ExportBucketSettings)
    marquez: MarquezSettings = Field(default_factory=MarquezSettings)
    ingress: IngressSettings = Field(default_factory=IngressSettings)
    network: NetworkSettings = Field(default_factory=NetworkSettings)
    observability: ObservabilitySettings = Field(default_factory=ObservabilitySettings)
    collector: CollectorSettings = Field(default_factory=CollectorSettings)
    jaeger: JaegerSettings = Field(default_factory=JaegerSettings)
    monitoring: MonitoringSettings = Field(default_factory=MonitoringSettings)
    images: ImageSettings = Field(default_factory=ImageSettings)
    kubernetes: KubernetesSettings = Field(default_factory=KubernetesSettings)

    @field_validator("namespace")
    @classmethod
    def _is_label(cls, value: str) -> str:
        if not is_dns_label(value):
            raise ValueError(
                f"{value!r} can't be a namespace; allowed are lower-case letters, digits and '-', 63 at most"
            )
        return value

    @property
    def sql_api(self) -> SqlApi:
        """How the SQL API is offered, where the stack's file may leave that out."""
        if self.api.sql_api is not None:
            return self.api.sql_api
        return "shared" if self.environment in ("local", "dev") else "off"

    @property
    def data_is_protected(self) -> bool:
        """Whether what holds data outlives the stack."""
        return self.environment == "prod" if self.protect_data is None else self.protect_data
