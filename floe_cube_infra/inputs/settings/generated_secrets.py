"""Where Secrets come from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from floe_cube_infra.inputs.settings.section import Section

Generation = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]{0,30}[a-z0-9])?$")]
SecretName = Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$")]


class SecretsSettings(Section):
    """Where Secrets come from. No setting holds a value.

    Attributes:
        api_secret: The key that signs tokens: in a Secret that is there (`reference`), or made by the stack and kept
            in its state, encrypted (`generate`).
        generations: For a generated key: the names of those that are valid. The first is the newest; a further one
            stays valid until it is taken out. Any names do, such as dates.
        external: Secrets that the External Secrets Operator is to make: the Secret's name, and what it is called in
            the store. All its properties become keys.
        store: For those: the SecretStore.
        store_kind: For those: its kind.
        refresh_interval: For those: how often the operator looks for a new value.
    """

    api_secret: Literal["reference", "generate"] = "reference"  # noqa: S105
    generations: Annotated[tuple[Generation, ...], Field(min_length=1, max_length=5)] = ("1",)
    external: dict[SecretName, Annotated[str, Field(min_length=1)]] = Field(default_factory=dict)
    store: SecretName | None = None
    store_kind: Literal["SecretStore", "ClusterSecretStore"] = "ClusterSecretStore"
    refresh_interval: Annotated[str, Field(pattern=r"^[1-9][0-9]*[smh]$")] = "1h"

    @property
    def generated(self) -> tuple[str, ...] | None:
        """The generations of the key that the stack makes; None if it makes none."""
        return self.generations if self.api_secret == "generate" else None  # noqa: S105  # nosec B105 # no secret

    @model_validator(mode="after")
    def _is_coherent(self) -> SecretsSettings:
        if len(set(self.generations)) < len(self.generations):
            raise ValueError("generations names one twice; each name is one key")
        if self.external and self.store is None:
            raise ValueError("external is given without store; name the SecretStore or ClusterSecretStore")
        return self
