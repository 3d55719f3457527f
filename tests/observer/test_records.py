"""The layout of records, which `cube.js` writes and the observer reads."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.observer.records import MOST_RECORDS, BatchError, QueryRecord, RollupBuild, decode

SAMPLE = (Path(__file__).parent / "records" / "batch.json").read_bytes()


def changed(**keys: object) -> bytes:
    batch = json.loads(SAMPLE)
    batch["records"][0] |= keys
    return json.dumps(batch).encode()


def test_the_sample_batch_is_read() -> None:
    first, second, build = decode(SAMPLE).records

    assert isinstance(first, QueryRecord)
    assert isinstance(second, QueryRecord)
    assert isinstance(build, RollupBuild)
    assert (first.api, first.rows, first.cubes) == ("rest", 12, ("orders", "customers"))
    assert (second.error_type, second.rows, second.database) == ("UserError", None, ())
    assert (build.pre_aggregation, build.error_type) == ("orders.daily", "DatabaseError")


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ({"password": "secret-text"}, "$.records[0]"),
        ({"kind": "secret-text"}, "$.records[0].kind"),
        ({"api": "secret-text"}, "$.records[0].api"),
        ({"during": [1]}, "$.records[0].during"),
        ({"during": [-1, 2]}, "$.records[0].during[0]"),
        ({"rows": 1.5}, "$.records[0].rows"),
        ({"error": "secret-text" * 50}, "$.records[0].error"),
        ({"cubes": ["secret-text" * 50]}, "$.records[0].cubes[0]"),
        ({"lineageParent": {"namespace": "n", "job": "j", "runId": "secret-text"}}, "$.records[0].lineageParent.runId"),
    ],
)
def test_what_is_not_of_the_layout_is_refused_with_its_place_and_without_its_value(
    keys: dict[str, object], place: str
) -> None:
    with pytest.raises(BatchError) as refused:
        decode(changed(**keys))

    assert place in str(refused.value)
    assert "secret-text" not in str(refused.value)


def test_too_many_records_are_refused() -> None:
    batch = json.loads(SAMPLE)
    batch["records"] = [batch["records"][1]] * (MOST_RECORDS + 1)

    with pytest.raises(BatchError):
        decode(json.dumps(batch).encode())


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    with contextlib.suppress(BatchError):
        assert decode(body).version == 1
