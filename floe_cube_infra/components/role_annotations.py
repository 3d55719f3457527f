"""How a service account says which IAM role it takes on.

https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
"""

from __future__ import annotations

import pulumi


def role_annotations(role_arn: pulumi.Input[str] | None) -> dict[str, pulumi.Input[str]] | None:
    """The account's annotations; None for an account without a role."""
    return None if role_arn is None else {"eks.amazonaws.com/role-arn": role_arn}
