"""The stack's settings: every one with its default and meaning, a section a file.

A stack's file (`stacks/Pulumi.<stack>.yaml`) gives them under `floe-cube-infra:<key>`; keys are camelCase, as
Pulumi's are. The command line reads the same file without Pulumi, so both generate the same. `reading` is the only
reader of `pulumi.Config`.
"""

from floe_cube_infra.inputs.settings.deprecations import DeprecatedSettingWarning
from floe_cube_infra.inputs.settings.kubernetes import KubernetesSettings
from floe_cube_infra.inputs.settings.network import PeerSettings
from floe_cube_infra.inputs.settings.reading import PROJECT, from_pulumi, from_stack_file, parse
from floe_cube_infra.inputs.settings.secrets import check_secret_name
from floe_cube_infra.inputs.settings.security import SecuritySettings
from floe_cube_infra.inputs.settings.stack import SETTINGS_VERSION, Environment, Settings

__all__ = [
    "PROJECT",
    "SETTINGS_VERSION",
    "DeprecatedSettingWarning",
    "Environment",
    "KubernetesSettings",
    "PeerSettings",
    "SecuritySettings",
    "Settings",
    "check_secret_name",
    "from_pulumi",
    "from_stack_file",
    "parse",
]
