"""Records, a small model's lineage, and settings for tests of the observer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from floe_cube_infra.model.dataset_lineage import CubeLineage, Dataset, MemberLineage
from floe_cube_infra.model.observation import ObservedDatabase
from floe_cube_infra.observer.records import QueryRecord, RollupBuild, decode

SAMPLE = Path(__file__).parent / "records" / "batch.json"


def _queries() -> list[QueryRecord]:
    return [each for each in decode(SAMPLE.read_bytes()).records if isinstance(each, QueryRecord)]


@pytest.fixture(scope="session")
def record() -> QueryRecord:
    """A query by REST that succeeded, with a caller's trace."""
    return _queries()[0]


@pytest.fixture(scope="session")
def failure() -> QueryRecord:
    """A query by SQL that failed, without a caller's trace."""
    return _queries()[1]


@pytest.fixture(scope="session")
def failed_build() -> RollupBuild:
    """A build of a rollup that failed."""
    (build,) = (each for each in decode(SAMPLE.read_bytes()).records if isinstance(each, RollupBuild))
    return build


@pytest.fixture(scope="session")
def orphan(record: QueryRecord) -> QueryRecord:
    """The first query without a caller's trace."""
    return msgspec.structs.replace(record, traceparent=None, tracestate=None)


Cubes = Mapping[str, CubeLineage]


@pytest.fixture(scope="session")
def database() -> ObservedDatabase:
    return ObservedDatabase(system="postgresql", namespace="shop", server_address="db.example.com", server_port=5432)


@pytest.fixture(scope="session")
def lineage() -> Cubes:
    def table(name: str) -> Dataset:
        return Dataset("postgres://db.example.com:5432", f"shop.public.{name}")

    return {
        "orders": CubeLineage(
            table=table("orders"),
            members={
                "amount": MemberLineage("number", ("amount",)),
                "revenue": MemberLineage("sum", ("amount", "tax")),
                "ordered_at": MemberLineage("time", ("ordered_at",)),
                "share": MemberLineage("number", (), ("orders.revenue", "customers.count")),
            },
        ),
        "customers": CubeLineage(
            table=table("customers"),
            members={
                "count": MemberLineage("count"),
                "country": MemberLineage("string", ("country",)),
            },
        ),
        "sales": CubeLineage(members={"income": MemberLineage("sum", (), ("orders.revenue",))}),
    }
