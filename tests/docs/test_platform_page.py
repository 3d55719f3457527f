"""The numbers of docs/platform.md are those that the stacks ask for, and the settings' own defaults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.pull_request.quantities import cores, quantity, size
from tests.docs.pages import DOCS, PROJECT
from tests.docs.test_dbt_page import table

PAGE: Final = (DOCS / "platform.md").read_text()


def rendered(stack: str) -> Iterator[dict[str, Any]]:
    files: list[Path] = sorted((PROJECT / "tests" / "snapshots" / stack).glob("*/*.yaml"))
    for file in files:
        yield from filter(None, yaml.safe_load_all(file.read_text()))


def number(value: object) -> Decimal:
    found = quantity(value)
    assert found is not None
    return found


def asked_for(stack: str) -> list[str]:
    """Pods, CPU, memory and volumes of a stack, as `floe-cube report` would write them."""
    objects = list(rendered(stack))
    least = {
        each["spec"]["scaleTargetRef"]["name"]: each["spec"]["minReplicas"]
        for each in objects
        if each["kind"] == "HorizontalPodAutoscaler"
    }
    pods, cpu, memory, volumes = 0, Decimal(0), Decimal(0), Decimal(0)
    for each in objects:
        if each["kind"] not in {"Deployment", "StatefulSet"}:
            continue
        count = least.get(each["metadata"]["name"], each["spec"].get("replicas"))
        pod = each["spec"]["template"]["spec"]
        # Those that run to their end before the others begin take what the others then have.
        beside = [one for one in pod.get("initContainers", ()) if one.get("restartPolicy") == "Always"]
        requests = [one["resources"]["requests"] for one in (*pod["containers"], *beside)]
        claims = [one["spec"]["resources"]["requests"] for one in each["spec"].get("volumeClaimTemplates", ())]
        pods += count
        cpu += count * sum((number(one["cpu"]) for one in requests), Decimal(0))
        memory += count * sum((number(one["memory"]) for one in requests), Decimal(0))
        volumes += count * sum((number(one["storage"]) for one in claims), Decimal(0))
    return [str(pods), cores(cpu), size(memory), size(volumes)]


@pytest.mark.parametrize("row", table("stack", PAGE), ids=lambda row: row[0])
def test_a_stack_asks_for_what_the_page_says(row: list[str]) -> None:
    stack, *numbers = row
    assert numbers == asked_for(stack)


def test_defaults_are_what_the_page_says() -> None:
    settings = Settings.model_validate({"artifacts": "a.json", "environment": "dev"}).model_dump(by_alias=True)
    told = re.findall(r"`(\w+)\.(\w+)` = (\w+)", "\n".join(" | ".join(row) for row in table("pod", PAGE)))
    assert len(told) == 13
    for section, key, value in told:
        assert str(settings[section][key]) == value, f"{section}.{key}"


def test_all_stacks_are_without_workers_as_the_page_says() -> None:
    assert "(`cubeStore.workers: 0` with `cubeStore.storage: volume`), as all four do here" in PAGE
    for stack in ("local", "dev", "staging", "prod"):
        assert not [each for each in rendered(stack) if each["metadata"]["name"] == "cube-store-worker"]
