from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floe_cube_infra.errors import OutputError
from floe_cube_infra.render import shards as shards_module
from floe_cube_infra.render.shards import SHARD_LIMIT_BYTES, shards

KIB = 1024
MODELS = st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True), unique=True, max_size=30)


def path(model: str, kind: str = "yml") -> str:
    return f"model/cubes/{model}.{kind}"


@st.composite
def file_sets(draw: st.DrawFn) -> dict[str, str]:
    """Models of up to 800 KiB, so that a few of them need several shards."""
    files = {}
    for model in draw(MODELS):
        size = draw(st.integers(min_value=0, max_value=700 * KIB))
        files[path(model)] = draw(st.sampled_from("aü\n")) * (size // 2)
        files[path(model, "access.json")] = "{}" * draw(st.integers(min_value=0, max_value=50 * KIB))
    return files


def size_of(shard: dict[str, str]) -> int:
    """What Kubernetes counts: the bytes of keys and values."""
    return sum(len(key.encode()) + len(text.encode()) for key, text in shard.items())


def place_of(file: str, result: list[dict[str, str]]) -> int:
    (place,) = (index for index, shard in enumerate(result) if file in shard)
    return place


@given(file_sets())
@settings(max_examples=60, deadline=None)
def test_every_file_is_in_exactly_one_shard_under_the_limit_beside_its_models_others(files: dict[str, str]) -> None:
    result = shards(files)

    assert sorted(key for shard in result for key in shard) == sorted(files)
    assert all(files[key] == text for shard in result for key, text in shard.items())
    assert all(size_of(shard) <= SHARD_LIMIT_BYTES for shard in result)
    for file in files:
        other = file.replace(".access.json", ".yml")
        assert place_of(file, result) == place_of(other, result)


@given(file_sets(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_files_doesnt_matter(files: dict[str, str], random: object) -> None:
    shuffled = list(files.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    result = shards(dict(shuffled))

    assert result == shards(files)
    assert all(list(shard) == sorted(shard) for shard in result)


@given(file_sets().filter(bool), st.data())
@settings(max_examples=40, deadline=None)
def test_a_changed_file_changes_only_its_shard_while_their_number_stays(
    files: dict[str, str], data: st.DataObject
) -> None:
    changed = data.draw(st.sampled_from(sorted(files)))
    before, after = shards(files), shards({**files, changed: files[changed] + "#"})

    if len(before) == len(after):
        differing = [index for index, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        assert differing == [place_of(changed, after)]


@given(file_sets().filter(bool), st.data())
@settings(max_examples=40, deadline=None)
def test_a_removed_model_changes_only_its_shard_while_their_number_stays(
    files: dict[str, str], data: st.DataObject
) -> None:
    model = data.draw(st.sampled_from(sorted(key for key in files if key.endswith(".yml"))))
    fewer = {key: text for key, text in files.items() if key not in (model, model.replace(".yml", ".access.json"))}
    before, after = shards(files), shards(fewer)

    if len(before) == len(after):
        differing = [index for index, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        assert differing == [place_of(model, before)]


@given(file_sets())
@settings(max_examples=30, deadline=None)
def test_the_number_of_shards_is_a_power_of_two_and_growing_splits_without_moving(files: dict[str, str]) -> None:
    result = shards(files)
    bigger = shards({**files, **{path(f"filler_{number}"): "x" * (800 * KIB) for number in range(4)}})

    assert len(result).bit_count() == 1
    assert len(bigger) >= len(result)
    for file in files:
        assert place_of(file, bigger) % len(result) == place_of(file, result)


def test_no_files_are_one_empty_shard() -> None:
    assert shards({}) == [{}]


def test_a_small_project_is_one_shard() -> None:
    files = {path(f"model_{number}"): "x" * KIB for number in range(100)}

    assert shards(files) == [dict(sorted(files.items()))]


def test_files_of_one_model_stay_together_wherever_they_lie() -> None:
    big = {path(f"model_{number}"): "x" * (300 * KIB) for number in range(20)}
    files = {**big, path("orders"): "a", path("orders", "access.json"): "b", "model/views/orders.yml": "c"}
    result = shards(files)

    assert len(result) > 1
    assert len({place_of(file, result) for file in files if "orders" in file}) == 1


@pytest.mark.parametrize("text", ["x" * (900 * KIB), "ü" * (450 * KIB), "\n" * (450 * KIB)])
def test_a_model_that_is_too_large_alone_is_an_error_that_names_it(text: str) -> None:
    with pytest.raises(OutputError, match=r"^The cube orders alone takes 900 KiB, more than the 900 KiB"):
        shards({path("customers"): "small", path("orders"): text})


def test_a_model_that_is_too_large_only_with_its_access_rules_is_an_error_too() -> None:
    with pytest.raises(OutputError, match="The cube orders alone takes 1000 KiB"):
        shards({path("orders"): "x" * (500 * KIB), path("orders", "access.json"): "x" * (500 * KIB)})


@pytest.fixture
def few_shards(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(shards_module, "_MOST_SHARDS", 4)
    return 4


def test_a_project_that_fits_into_no_number_of_shards_is_an_error(few_shards: int) -> None:
    files = {path(f"model_{number}"): "x" * (800 * KIB) for number in range(few_shards + 1)}

    with pytest.raises(OutputError, match="The model doesn't fit into 4 ConfigMaps of 900 KiB"):
        shards(files)


def test_the_last_number_of_shards_is_used_before_giving_up(few_shards: int) -> None:
    sizes = [{path(f"model_{number}"): "x" * (800 * KIB) for number in range(start, start + 3)} for start in range(99)]
    needing_all = [files for files in sizes if _fits(files)]

    assert any(len(shards(files)) == few_shards for files in needing_all)


def _fits(files: dict[str, str]) -> bool:
    try:
        shards(files)
    except OutputError:
        return False
    return True
