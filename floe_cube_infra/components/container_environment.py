"""Variables as containers take them: plain, or from a key of a Secret."""

from __future__ import annotations

from pulumi_kubernetes.core.v1 import EnvVarArgs, EnvVarSourceArgs, SecretKeySelectorArgs

from floe_cube_infra.render.environment import EnvironmentVariables, SecretKeyRef


def container_environment(variables: EnvironmentVariables) -> list[EnvVarArgs]:
    """The variables, in their order."""
    return [
        EnvVarArgs(name=name, value=value)
        if isinstance(value, str)
        else EnvVarArgs(name=name, value_from=_secret_key(value))
        for name, value in variables.items()
    ]


def _secret_key(reference: SecretKeyRef) -> EnvVarSourceArgs:
    return EnvVarSourceArgs(secret_key_ref=SecretKeySelectorArgs(name=reference.secret, key=reference.key))
