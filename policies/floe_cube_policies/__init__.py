"""The policies of the consumption layer, one a file.

They look at what the engine is about to make, not at settings: whoever changes the program, adds objects of their own
to a stack, or writes a transformation is held to them as well. They need `pulumi-policy` and nothing of the program.
"""

from collections.abc import Sequence

from pulumi_policy import Policy

from floe_cube_policies.dev_mode import NO_DEV_MODE
from floe_cube_policies.memory_limits import MEMORY_LIMITS
from floe_cube_policies.moving_images import NO_MOVING_IMAGES
from floe_cube_policies.plaintext_secrets import NO_PLAINTEXT_SECRETS
from floe_cube_policies.privileged_pods import NO_PRIVILEGED_PODS
from floe_cube_policies.production_tls import PRODUCTION_TLS
from floe_cube_policies.public_buckets import NO_PUBLIC_BUCKETS
from floe_cube_policies.shared_queue import SHARED_QUEUE
from floe_cube_policies.single_router import SINGLE_ROUTER

__all__ = ["POLICIES"]

POLICIES: Sequence[Policy] = (
    NO_DEV_MODE,
    MEMORY_LIMITS,
    NO_MOVING_IMAGES,
    NO_PLAINTEXT_SECRETS,
    NO_PRIVILEGED_PODS,
    PRODUCTION_TLS,
    NO_PUBLIC_BUCKETS,
    SHARED_QUEUE,
    SINGLE_ROUTER,
)
"""All of them."""
