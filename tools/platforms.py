"""How this machine's operating system and processor are called in the names of downloads."""

import platform

from tools.errors import SetupError

_PROCESSORS = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
_SYSTEMS = {"linux": "linux", "darwin": "darwin"}


def pulumi_platform(system: str | None = None, machine: str | None = None) -> str:
    """The platform in the name of Pulumi's releases, such as `linux-x64` or `darwin-arm64`.

    Args:
        system: As `platform.system()` says it; default this machine's.
        machine: As `platform.machine()` says it; default this machine's.

    Raises:
        SetupError: There is no release for this platform.
    """
    system = (system or platform.system()).lower()
    machine = (machine or platform.machine()).lower()
    if system not in _SYSTEMS or machine not in _PROCESSORS:
        raise SetupError(
            f"This machine is {system} on {machine}; the tools know {', '.join(_SYSTEMS)} "
            f"on {', '.join(_PROCESSORS)}. On Windows, use WSL."
        )
    return f"{_SYSTEMS[system]}-{_PROCESSORS[machine]}"
