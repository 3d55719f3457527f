"""What a stack of the consumption layer tells other stacks: a contract, with a version of its own."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from floe_cube_infra.model.counts import Counts

VERSION: Final = 1
"""The contract's version.

It stays for a new field that may be absent, and rises when a field goes or means something else.
"""


class _Told(BaseModel):
    """Frozen, camelCase where Pulumi keeps it.

    Unlike the rest of the model it ignores what it doesn't know: a newer stack of the same version may tell more.
    """

    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True, defer_build=True
    )


class SecretNames(_Told):
    """The Secrets of the namespace that the stack refers to, by what they are for; none where there is no need.

    Attributes:
        tokens: The key that signs tokens.
        warehouse: The warehouse's credentials.
        bucket: The keys to Cube Store's bucket.
        export_bucket: The keys to the bucket that the warehouse exports to.
        sql_tls: The SQL API's certificate.
        public_tls: The certificate of REST and GraphQL outside the cluster.
        marquez_database: The user of a database for Marquez that isn't the stack's own.
        collector: The headers that the collector sends to where it exports.
        image_pull: What images are pulled with.
    """

    tokens: tuple[str, ...] = ()
    warehouse: tuple[str, ...] = ()
    bucket: tuple[str, ...] = ()
    export_bucket: tuple[str, ...] = ()
    sql_tls: tuple[str, ...] = ()
    public_tls: tuple[str, ...] = ()
    marquez_database: tuple[str, ...] = ()
    collector: tuple[str, ...] = ()
    image_pull: tuple[str, ...] = ()


class CountsTold(Counts):
    """How much was read and generated; a newer stack may count more."""

    model_config = ConfigDict(extra="ignore")


class StackOutputs(_Told):
    """What a stack tells whose artifacts switch the consumption layer on. Nothing in it is secret.

    Attributes:
        version: The version of this contract.
        status: `enabled`; a stack that is switched off tells `version` and `disabled`, and of the rest the
            `managedBuckets` that it keeps.
        environment: Which kind of stack it is.
        namespace: The Kubernetes namespace.
        rest_endpoint: The REST API within the cluster.
        graphql_endpoint: The GraphQL API within the cluster.
        sql_endpoint: The SQL API within the cluster, a Postgres URL without user; absent unless all share one.
        sql_endpoints: The SQL API of each organization, where each has its own.
        sql_tls: Whether the SQL API speaks TLS, and nothing else.
        public_rest_endpoint: The REST API from outside the cluster; absent where nothing leads in.
        public_graphql_endpoint: The GraphQL API from outside the cluster; absent where nothing leads in.
        api_service_name: The Service of the Cube API.
        api_port: Its port for REST and GraphQL, which is also the pods' port.
        sql_port: Its port for SQL; absent unless all share one.
        api_pod_labels: What a network policy selects the API's pods by.
        cube_store_service_name: The Service of Cube Store's router; absent where Cube Store isn't the stack's own.
        api_secret_name: The Secret with the key that signs tokens, called otherwise after each rotation of a generated
            key; absent where an identity provider signs them.
        secret_names: All Secrets that the stack refers to, by what they are for; never a value.
        bucket_name: Cube Store's bucket; absent where it keeps its tables elsewhere.
        bucket_arn: The bucket's ARN; absent at stores other than Amazon S3.
        bucket_role_arn: The IAM role of Cube Store's service account; absent where keys give the right.
        managed_buckets: The buckets that the stack made or adopted.
        export_bucket_name: The bucket that the warehouse exports large pre-aggregations to, if it exports any.
        export_bucket_arn: That bucket's ARN, for the right that the warehouse needs; absent unless it is on Amazon S3.
        export_bucket_role_arn: The IAM role with which Cube reads it; absent where keys give the right.
        collector_endpoint: Where traces and metrics are sent, an OTLP endpoint; absent where nothing is observed.
        marquez_endpoint: Marquez, which keeps the lineage: the stack's own within the cluster, or the given one; absent
            where the stack knows none.
        model_version: A hash of the model: equal models have equal ones. Answers to those with a token
            tell that of the model that answers, in the header X-Floe-Model-Version.
        counts: How much was read and generated.
        render_directory: The folder with the manifests, where they are rendered instead of applied.
    """

    version: Literal[1]
    status: Literal["enabled"]
    environment: Literal["local", "dev", "staging", "prod"]
    namespace: str
    rest_endpoint: str
    graphql_endpoint: str
    sql_endpoint: str | None = None
    sql_endpoints: dict[str, str] = Field(default_factory=dict)
    sql_tls: bool = False
    public_rest_endpoint: str | None = None
    public_graphql_endpoint: str | None = None
    api_service_name: str
    api_port: Annotated[int, Field(ge=1, le=65535)]
    sql_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    api_pod_labels: dict[str, str]
    cube_store_service_name: str | None = None
    api_secret_name: str | None = None
    secret_names: SecretNames
    bucket_name: str | None = None
    bucket_arn: str | None = None
    bucket_role_arn: str | None = None
    managed_buckets: tuple[str, ...] = ()
    export_bucket_name: str | None = None
    export_bucket_arn: str | None = None
    export_bucket_role_arn: str | None = None
    collector_endpoint: str | None = None
    marquez_endpoint: str | None = None
    model_version: str
    counts: CountsTold
    render_directory: str | None = None
