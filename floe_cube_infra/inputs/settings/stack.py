"""All settings of a stack, a section each."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from floe_cube_infra.inputs.settings.api import ApiSettings
from floe_cube_infra.inputs.settings.kubernetes import KubernetesSettings
from floe_cube_infra.inputs.settings.models import ModelSettings
from floe_cube_infra.inputs.settings.secrets import SecretKeySettings
from floe_cube_infra.inputs.settings.section import Section
from floe_cube_infra.inputs.settings.security import SecuritySettings
from floe_cube_infra.naming import is_dns_label

Environment = Literal["local", "dev", "staging", "prod"]


class Settings(Section):
    """All settings of a stack.

    Attributes:
        artifacts: compiled_artifacts.json: a path (relative to the project, or absolute), `s3://` or `https://`.
        manifest: dbt's manifest.json; by default `dbt_manifest_path` of the artifacts, taken from their folder.
        catalog: dbt's catalog.json; used for columns and types that the manifest doesn't have.
        environment: Which kind of stack this is; `prod` and `staging` are held to more.
        namespace: The Kubernetes namespace, created by the stack.
        models: See `ModelSettings`.
        security: See `SecuritySettings`.
        secret_keys: See `SecretKeySettings`.
        api: See `ApiSettings`.
        kubernetes: See `KubernetesSettings`.
    """

    artifacts: Annotated[str, Field(min_length=1)]
    manifest: str | None = None
    catalog: str | None = None
    environment: Environment
    namespace: str = "floe-cube"
    models: ModelSettings = Field(default_factory=ModelSettings)
    security: SecuritySettings = Field(default_factory=SecuritySettings)
    secret_keys: SecretKeySettings = Field(default_factory=SecretKeySettings)
    api: ApiSettings = Field(default_factory=ApiSettings)
    kubernetes: KubernetesSettings = Field(default_factory=KubernetesSettings)

    @field_validator("namespace")
    @classmethod
    def _is_label(cls, value: str) -> str:
        if not is_dns_label(value):
            raise ValueError(
                f"{value!r} can't be a namespace; allowed are lower-case letters, digits and '-', 63 at most"
            )
        return value
