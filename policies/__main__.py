"""The policy pack, as the engine starts it."""

from floe_cube_policies import POLICIES
from pulumi_policy import EnforcementLevel, PolicyPack

PolicyPack(name="floe-cube", policies=list(POLICIES), enforcement_level=EnforcementLevel.MANDATORY)
