"""Roles of IAM, and the policies within them.

https://www.pulumi.com/registry/packages/aws/api-docs/iam/role/
"""

# ruff: noqa: ARG002 - a kind takes what another kind needs

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import unquote

from floe_cube_infra.offline.aws.clients import Clients
from floe_cube_infra.offline.aws.refusals import refused
from floe_cube_infra.offline.kinds import Kind, Plains
from floe_cube_infra.offline.wire import Plain

_GONE = "NoSuchEntity"


class Role(Kind):
    """`aws.iam.Role`."""

    takes = frozenset({"name", "assumeRolePolicy", "description", "permissionsBoundary", "tags"})
    fixed = frozenset({"name"})
    told_later = ("arn", "uniqueId", "tagsAll")

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def problems(self, inputs: Plains) -> Iterator[str]:
        """A role without a name or without anyone to take it on."""
        for key in ("name", "assumeRolePolicy"):
            if not inputs.get(key):
                yield f"{key}: is missing"

    def create(self, inputs: Plains) -> str:
        """Creates it."""
        optional = {
            "Description": inputs.get("description"),
            "PermissionsBoundary": inputs.get("permissionsBoundary"),
            "Tags": _tag_list(inputs),
        }
        self._clients.of("iam").create_role(
            RoleName=inputs["name"],
            AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
            **{key: value for key, value in optional.items() if value},
        )
        return str(inputs["name"])

    def read(self, identifier: str, state: Plains) -> Plains | None:
        """The role as it is."""
        try:
            role = self._clients.of("iam").get_role(RoleName=identifier)["Role"]
        except Exception as error:
            if not refused(error, _GONE):
                raise
            return None
        tags = {tag["Key"]: tag["Value"] for tag in role.get("Tags", [])}
        return {
            "name": role["RoleName"],
            "assumeRolePolicy": _text(role["AssumeRolePolicyDocument"]),
            "description": role.get("Description"),
            "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "tags": tags or None,
            "tagsAll": tags,
            "arn": role["Arn"],
            "uniqueId": role["RoleId"],
        }

    def update(self, identifier: str, inputs: Plains) -> None:
        """Changes who may take it on, and what is said about it."""
        iam = self._clients.of("iam")
        iam.update_assume_role_policy(RoleName=identifier, PolicyDocument=inputs["assumeRolePolicy"])
        iam.update_role(RoleName=identifier, Description=inputs.get("description") or "")
        if boundary := inputs.get("permissionsBoundary"):
            iam.put_role_permissions_boundary(RoleName=identifier, PermissionsBoundary=boundary)
        else:
            iam.delete_role_permissions_boundary(RoleName=identifier)
        before = {tag["Key"] for tag in iam.list_role_tags(RoleName=identifier)["Tags"]}
        tags = _tag_list(inputs)
        if dropped := sorted(before - {tag["Key"] for tag in tags}):
            iam.untag_role(RoleName=identifier, TagKeys=dropped)
        if tags:
            iam.tag_role(RoleName=identifier, Tags=tags)

    def delete(self, identifier: str, state: Plains) -> None:
        """Deletes it."""
        try:
            self._clients.of("iam").delete_role(RoleName=identifier)
        except Exception as error:
            if not refused(error, _GONE):
                raise


class RolePolicy(Kind):
    """`aws.iam.RolePolicy`: what a role may do."""

    takes = frozenset({"name", "role", "policy"})
    fixed = frozenset({"name", "role"})

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def problems(self, inputs: Plains) -> Iterator[str]:
        """A policy without a name, a role or a text."""
        for key in sorted(self.takes):
            if not inputs.get(key):
                yield f"{key}: is missing"

    def create(self, inputs: Plains) -> str:
        """Puts it into its role."""
        identifier = f"{inputs['role']}:{inputs['name']}"
        self.update(identifier, inputs)
        return identifier

    def read(self, identifier: str, state: Plains) -> Plains | None:
        """The policy as it is."""
        role, _, name = identifier.partition(":")
        try:
            found = self._clients.of("iam").get_role_policy(RoleName=role, PolicyName=name)
        except Exception as error:
            if not refused(error, _GONE):
                raise
            return None
        return {"name": name, "role": role, "policy": _text(found["PolicyDocument"])}

    def update(self, identifier: str, inputs: Plains) -> None:
        """Puts it anew."""
        role, _, name = identifier.partition(":")
        self._clients.of("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=inputs["policy"])

    def delete(self, identifier: str, state: Plains) -> None:
        """Takes it out of its role."""
        role, _, name = identifier.partition(":")
        try:
            self._clients.of("iam").delete_role_policy(RoleName=role, PolicyName=name)
        except Exception as error:
            if not refused(error, _GONE):
                raise


def _tag_list(inputs: Plains) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted((inputs.get("tags") or {}).items())]


def _text(document: Plain) -> str:
    """A policy as text: boto3 gives it decoded, and other stores as they got it."""
    return unquote(document) if isinstance(document, str) else json.dumps(document)
