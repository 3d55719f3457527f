"""The service of the package `aws`."""
# ruff: noqa: N802, ARG002 - the names and arguments of these methods are the protocol's

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from pulumi.runtime.proto import provider_pb2

from floe_cube_infra.offline.aws.bucket import Bucket
from floe_cube_infra.offline.aws.bucket_settings import BUCKET_SETTINGS, BucketSetting
from floe_cube_infra.offline.aws.clients import Clients
from floe_cube_infra.offline.aws.roles import Role, RolePolicy
from floe_cube_infra.offline.errors import NotSupportedError, ProviderError
from floe_cube_infra.offline.kinds import Kind, Plains
from floe_cube_infra.offline.kinds_provider import KindsProvider
from floe_cube_infra.offline.wire import encode

T = TypeVar("T")


class AwsProvider(KindsProvider):
    """Asks AWS, or what is configured in its place, through boto3."""

    package = "aws"
    _clients: Clients
    _kinds: Mapping[str, Kind] = {}

    def kinds(self) -> Mapping[str, Kind]:
        """The kinds that this project uses."""
        return self._kinds

    def configure(self, config: Plains) -> str:
        """Takes region, credentials and endpoints."""
        self._clients = Clients(config)
        self._kinds = {
            "aws:s3/bucket:Bucket": Bucket(self._clients),
            **{token: BucketSetting(self._clients, shape) for token, shape in BUCKET_SETTINGS.items()},
            "aws:iam/role:Role": Role(self._clients),
            "aws:iam/rolePolicy:RolePolicy": RolePolicy(self._clients),
        }
        return "it knows buckets and roles, through boto3"

    def Invoke(self, request: provider_pb2.InvokeRequest, context: object) -> provider_pb2.InvokeResponse:
        """Answers who asks, and where."""
        if request.tok == "aws:index/getCallerIdentity:getCallerIdentity":
            who = self.asking(request.tok, lambda: self._clients.of("sts").get_caller_identity())
            found = {"accountId": who["Account"], "arn": who["Arn"], "userId": who["UserId"], "id": who["Account"]}
        elif request.tok == "aws:index/getRegion:getRegion":
            region = self._clients.region
            found = {"region": region, "name": region, "id": region}
        else:
            raise NotSupportedError(f"The function {request.tok} needs the official plugin.")
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(encode(found))  # a name that Python keeps for itself
        return response

    def asking(self, what: str, act: Callable[[], T]) -> T:
        """Puts the service's refusals into a sentence."""
        try:
            return act()
        except ProviderError:
            raise
        except Exception as error:
            if not type(error).__module__.startswith("botocore"):
                raise
            raise ProviderError(f"{what}: AWS refused: {error}") from None
