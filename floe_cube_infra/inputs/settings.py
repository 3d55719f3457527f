"""The stack's settings: every one with its default and meaning. The only reader of `pulumi.Config`.

A stack's file (`stacks/Pulumi.<stack>.yaml`) gives them under `floe-cube-infra:<key>`; keys are camelCase, as
Pulumi's are. The command line reads the same file without Pulumi, so both generate the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.alias_generators import to_camel

from floe_cube_infra.errors import SettingsError
from floe_cube_infra.inputs.problems import problems_of, shown
from floe_cube_infra.naming import is_dns_label, is_dns_subdomain

PROJECT = "floe-cube-infra"

SELECTION_METHODS = ("access", "group", "name", "package", "path", "tag")
"""What may stand before the colon of a selector; see `translate.selection`."""

Environment = Literal["local", "dev", "staging", "prod"]


class _Section(BaseModel):
    """Settings are frozen and refuse unknown keys."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, validate_default=True, defer_build=True
    )


class ModelSettings(_Section):
    """How the dbt project is read.

    Attributes:
        include: Which dbt nodes become cubes, by selectors as dbt's: `tag:`, `path:`, `name:`, `package:`, `access:`,
            `group:`. By default all of the project's own, and what installed packages declare public.
        exclude: Selectors of nodes that are left out all the same.
        resource_types: Kinds of nodes that may become cubes: models by default; snapshots and seeds can be asked for.
        rollups: Which pre-aggregations there are: those that `meta.cube` declares, or (`auto`) also one proposed for
            each fact that declares none, with the reasons as notes.
        time_hierarchies: Whether each time dimension also becomes dimensions for its year, quarter, month and day, and
            a hierarchy of them, for tools that drill down along hierarchies only.
        without_columns: What a node without known columns becomes: nothing (`skip`, with a warning), or a cube that
            only counts its rows (`count`).
        visibility: What columns of each classification are to those who query: `hide` (not there), `mask` (there
            without values) or `expose`. Personal, card and confidential data are hidden by default.
        allow_adapter_mismatch: Take a manifest whose dbt adapter isn't the database that Cube queries; types
            are then read in the adapter's own spelling.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    resource_types: tuple[Literal["model", "snapshot", "seed"], ...] = ("model",)
    rollups: Literal["declared", "auto"] = "declared"
    time_hierarchies: bool = False
    without_columns: Literal["skip", "count"] = "skip"
    visibility: dict[str, Literal["hide", "mask", "expose"]] = {}
    allow_adapter_mismatch: bool = False

    @field_validator("include", "exclude")
    @classmethod
    def _are_selectors(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for selector in value:
            method, colon, rest = selector.partition(":")
            if not (colon and rest and method in SELECTION_METHODS):
                raise ValueError(
                    f"{selector!r} is no selector; allowed are: "
                    + ", ".join(f"{name}:..." for name in SELECTION_METHODS)
                )
        return value


class SecuritySettings(_Section):
    """Row-level security beyond what the artifacts say.

    Attributes:
        filter_claim: The claim whose values filter rows; the artifacts' filter column by default.
        unfiltered_cubes: Cubes without the filter column that everyone with a valid token may read whole.
            All others without it are refused.
    """

    filter_claim: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    unfiltered_cubes: tuple[str, ...] = ()


class SecretKeySettings(_Section):
    """The keys under which Secrets hold what Cube needs.

    Attributes:
        api_secret_name: The Secret with the key that signs tokens, where the artifacts name none.
        api_secret: In the Secret that `consumption.api_secret_ref` names: the key that signs tokens.
        username: In the Secret that `compute.connection_secret_ref` names (as in `kubernetes.io/basic-auth`).
        password: In the same Secret.
    """

    api_secret_name: str = "cube-api"  # noqa: S105 - the name of a Secret
    api_secret: str = "secret"  # noqa: S105 - the name of a key
    username: str = "username"
    password: str = "password"  # noqa: S105 - the name of a key


class ApiSettings(_Section):
    """The Cube API.

    Attributes:
        image: The container image, with a tag or a digest.
        replicas: Pods that answer queries.
        cpu: CPU request of a pod, as a Kubernetes quantity.
        memory: Memory request and limit of a pod, in MiB; Node's heap is sized after it.
        sql_api: `shared` offers Cube's SQL API (Postgres wire protocol); `off` closes its port.
    """

    image: str = "cubejs/cube:v1.7.43"
    replicas: Annotated[int, Field(ge=1, le=100)] = 2
    cpu: str = "500m"
    memory: Annotated[int, Field(ge=512, le=262144)] = 3072
    sql_api: Literal["shared", "off"] = "off"


class KubernetesSettings(_Section):
    """Where the objects go.

    Attributes:
        render_directory: Write every object as a YAML file into this folder (relative to the project) instead
            of applying it to a cluster.
        context: The context in the kubeconfig; its current one by default.
    """

    render_directory: str | None = None
    context: str | None = None


class Settings(_Section):
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


def parse(raw: Mapping[str, object], origin: str) -> Settings:
    """Settings from plain keys and values.

    Args:
        raw: Keys without the project's prefix. Pulumi hands structured values over as JSON text; that is
            understood, too.
        origin: Where they came from, for errors.

    Raises:
        SettingsError: A key is unknown, or a value wrong; all of them at once.
    """
    try:
        return Settings.model_validate({key: _structured(value) for key, value in raw.items()})
    except ValidationError as error:
        problems = [problem.replace("$.", f"{PROJECT}:", 1) for problem in problems_of(error, Settings)]
        raise SettingsError(f"The settings in {origin} are wrong:", problems) from None


def from_pulumi() -> Settings:
    """The settings of the stack that Pulumi is running.

    Raises:
        SettingsError: As `parse`.
    """
    import pulumi  # noqa: PLC0415 - the command line reads settings without Pulumi
    from pulumi.runtime.config import CONFIG, get_config_env  # noqa: PLC0415

    prefix = f"{PROJECT}:"
    everything = {**get_config_env(), **CONFIG.get()}
    raw = {key.removeprefix(prefix): value for key, value in everything.items() if key.startswith(prefix)}
    return parse(raw, f"stack {pulumi.get_stack()}")


def from_stack_file(path: Path) -> Settings:
    """The settings in a stack's file, without Pulumi.

    Raises:
        SettingsError: As `parse`; also if the file is missing or no stack file.
    """
    import yaml  # noqa: PLC0415 - only the command line with --settings needs it

    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"The stack file {path} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"The stack file {path} can't be read: it is not UTF-8 text.") from None
    except yaml.MarkedYAMLError as error:
        line = f" (line {error.problem_mark.line + 1})" if error.problem_mark else ""
        raise SettingsError(f"The stack file {path} is not valid YAML: {error.problem}{line}.") from None
    # What PyYAML lets through for a value that contradicts its type (a month 13, `!!int ""`) is of many kinds.
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError):
        raise SettingsError(
            f"The stack file {path} is not valid YAML: a control character, a date that doesn't exist, a value "
            "that doesn't fit its tag, or nested too deep."
        ) from None
    config = document.get("config") if isinstance(document, dict) else None
    if not isinstance(config, dict):
        raise SettingsError(f"{path} is no stack file: it has no `config:`.")
    prefix = f"{PROJECT}:"
    raw = {str(key).removeprefix(prefix): value for key, value in config.items() if str(key).startswith(prefix)}
    return parse(raw, str(path))


def check_secret_name(reference: str, where: str) -> str | None:
    """What is wrong with a Secret's name, if anything: the contract allows more than Kubernetes does."""
    if is_dns_subdomain(reference):
        return None
    return (
        f"{where}: {shown(reference)} is no name that Kubernetes allows for a Secret; "
        "allowed are lower-case letters, digits, '-' and '.'"
    )


def _structured(value: object) -> object:
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
