"""`floe-cube images`, and `pin` against a small registry of our own on loopback."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.inputs.images import images as all_images
from floe_cube_infra.inputs.settings import from_stack_file
from tests.cli.conftest import Answer, Project
from tests.inputs import small_registry
from tests.inputs.small_registry import SmallRegistry


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallRegistry]:
    for name in ("HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    with small_registry.running() as running:
        yield running


@pytest.fixture
def stack_file(tmp_path: Path, registry: SmallRegistry, project: Project) -> Path:
    """A stack that pulls from the small registry."""
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text(
        "config:\n"
        f"  floe-cube-infra:artifacts: {project.artifacts}\n"
        "  floe-cube-infra:environment: prod\n"
        "  floe-cube-infra:images:\n"
        f"    mirror: {registry.host} # ours\n"
    )
    return file


def push(registry: SmallRegistry, *names: str) -> dict[str, str]:
    """Puts images where a mirror has them; gives their references with digest."""
    digests = {}
    for name in names:
        image = all_images()[name]
        digest = registry.push(image.repository.partition("/")[2], image.tag)
        digests[name] = f"{image.reference(registry.host)}@{digest}"
    return digests


def test_all_images_are_listed_with_tag_and_digest(run: Callable[..., Answer]) -> None:
    answer = run("images")

    assert answer.code == 0
    assert len(answer.out.splitlines()) == len(all_images())
    assert re.search(r"^cube +docker\.io/cubejs/cube:v[0-9.]+ +(not pinned|sha256:[0-9a-f]{64})$", answer.out, re.M)


def test_with_a_stack_those_that_it_runs_are_listed(run: Callable[..., Answer], stack_file: Path) -> None:
    rows: list[dict[str, Any]] = run("images", "--stack-file", stack_file, "--format", "json").json["images"]

    assert [row["name"] for row in rows] == ["cube", "cubeStore"]
    assert all(row["repository"].startswith("127.0.0.1:") and row["digest"] is None for row in rows)


def test_pin_writes_what_the_registry_says_and_then_has_nothing_to_do(
    run: Callable[..., Answer], stack_file: Path, registry: SmallRegistry
) -> None:
    pushed = push(registry, "cube", "cube_store")
    answer = run("images", "pin", "--stack-file", stack_file)

    assert (answer.code, answer.err) == (0, "")
    assert set(from_stack_file(stack_file).images.pinned) == set(pushed.values())
    assert f"mirror: {registry.host} # ours\n" in stack_file.read_text()
    assert all(reference.partition("@")[2] in answer.out for reference in pushed.values())
    assert f"{stack_file} has them now (images.pinned)." in answer.out

    before, asked = stack_file.read_bytes(), len(registry.asked)
    again = run("images", "pin", "--stack-file", stack_file)
    assert f"{stack_file} had them already" in again.out
    assert (stack_file.read_bytes(), len(registry.asked)) == (before, asked)


def test_a_digest_stays_until_it_is_renewed(
    run: Callable[..., Answer], stack_file: Path, registry: SmallRegistry
) -> None:
    push(registry, "cube", "cube_store")
    run("images", "pin", "--stack-file", stack_file)
    before = from_stack_file(stack_file).images.pinned
    image = all_images()["cube"]
    moved = registry.push(image.repository.partition("/")[2], image.tag, media_type=small_registry.MANIFEST)

    run("images", "pin", "--stack-file", stack_file)
    assert from_stack_file(stack_file).images.pinned == before
    assert run("images", "pin", "--stack-file", stack_file, "--renew", "--format", "json").json["changed"] is True
    assert moved in {digest.partition("@")[2] for digest in from_stack_file(stack_file).images.pinned}


def test_what_isnt_run_any_more_is_no_longer_pinned(
    run: Callable[..., Answer], stack_file: Path, registry: SmallRegistry
) -> None:
    cube = push(registry, "cube", "cube_store")["cube"]
    run("images", "pin", "--stack-file", stack_file)
    stack_file.write_text(f"{stack_file.read_text()}  floe-cube-infra:cubeStore:\n    host: store.example.com\n")

    run("images", "pin", "--stack-file", stack_file)
    assert from_stack_file(stack_file).images.pinned == (cube,)


def test_one_image_that_cant_be_looked_up_leaves_the_file_as_it_was(
    run: Callable[..., Answer], stack_file: Path, registry: SmallRegistry
) -> None:
    push(registry, "cube")
    before = stack_file.read_bytes()
    answer = run("images", "pin", "--stack-file", stack_file)

    assert answer.code == 1
    assert "Error: Not every image could be looked up:" in answer.err
    assert "/cubejs/cubestore:" in answer.err
    assert "/cubejs/cube:" not in answer.err
    assert stack_file.read_bytes() == before


def test_who_pins_and_still_allows_what_isnt_is_told(
    run: Callable[..., Answer], stack_file: Path, registry: SmallRegistry
) -> None:
    push(registry, "cube", "cube_store")
    stack_file.write_text(stack_file.read_text().replace("# ours\n", "# ours\n    unpinned: allowed\n"))

    assert "images.unpinned is allowed there" in run("images", "pin", "--stack-file", stack_file).out


@pytest.mark.parametrize("arguments", [("images", "pin"), ("images", "--stack-file", "x.yaml", "pin")])
def test_wrong_usage_ends_with_2(run: Callable[..., Answer], arguments: tuple[str, ...]) -> None:
    assert run(*arguments).code == 2
