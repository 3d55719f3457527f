"""The policy pack as the tools hand it to the engine."""

from __future__ import annotations

import os
from pathlib import Path

from tools.clone import Clone
from tools.policy_pack import find_policy_pack, write_policy_pack
from tools.pulumi_cli import PulumiCli


def cli(folder: Path) -> PulumiCli:
    return PulumiCli(folder=folder, line="")


def test_an_engine_with_a_host_of_its_own_gets_the_committed_pack(clone: Clone, tmp_path: Path) -> None:
    pack = find_policy_pack(clone, cli(tmp_path))

    assert pack.option == ("--policy-pack", str(clone.root / "policies"))
    assert pack.on({"PATH": "/bin"}) == {"PATH": "/bin"}


def test_an_engine_that_was_built_gets_one_that_it_can_start(clone: Clone, tmp_path: Path) -> None:
    (tmp_path / "host").mkdir()
    pack = find_policy_pack(clone, cli(tmp_path))

    assert pack.folder.is_relative_to(clone.folder)
    assert (pack.folder / "__main__.py").readlink() == clone.root / "policies" / "__main__.py"
    first, *rest = pack.on({"PATH": "/bin"})["PATH"].split(os.pathsep)
    assert rest == ["/bin"]
    (starter,) = Path(first).glob("pulumi-analyzer-policy-*")
    assert os.access(starter, os.X_OK)
    assert starter.name.removeprefix("pulumi-analyzer-policy-") in (pack.folder / "PulumiPolicy.yaml").read_text()


def test_it_is_made_anew_each_time(clone: Clone, tmp_path: Path) -> None:
    left = write_policy_pack(tmp_path / "policies", clone).folder / "left.py"
    left.touch()

    assert write_policy_pack(tmp_path / "policies", clone).folder == left.parent
    assert not left.exists()
