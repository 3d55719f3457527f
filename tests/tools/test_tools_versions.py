from pathlib import Path

import pytest

from tools.clone import Clone
from tools.errors import SetupError
from tools.go import module_folder
from tools.platforms import pulumi_platform
from tools.versions import go_module_version, locked_version, parse_version, show_version


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v3.259.0", (3, 259, 0)),
        ("go1.26", (1, 26, 0)),
        ("go version go1.26.8 linux/amd64", (1, 26, 8)),
        ("uv 0.13.9 (x86_64-unknown-linux-gnu)", (0, 13, 9)),
        ("v3.260.0-alpha.1\n", (3, 260, 0)),
        ("not a version", None),
        ("", None),
    ],
)
def test_the_first_version_in_a_text_is_read(text: str, version: tuple[int, int, int] | None) -> None:
    assert parse_version(text) == version


def test_a_version_is_shown_as_it_is_written() -> None:
    assert show_version((3, 259, 0)) == "3.259.0"


def test_the_lock_file_gives_the_version_of_exactly_the_package_asked_for(clone: Clone) -> None:
    assert locked_version(clone.lock_file, "pulumi") == "3.259.0"
    assert locked_version(clone.lock_file, "pulumi-kubernetes") == "4.34.2"


def test_a_package_that_is_not_locked_is_an_error_that_names_it(clone: Clone) -> None:
    with pytest.raises(SetupError, match="does not pin pulumi-gcp; add it"):
        locked_version(clone.lock_file, "pulumi-gcp")


def test_a_missing_lock_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"uv\.lock can't be read"):
        locked_version(tmp_path / "uv.lock", "pulumi")


def test_the_pulumi_that_is_built_is_the_one_whose_sdk_is_locked() -> None:
    locked = locked_version(Clone.here().lock_file, "pulumi")
    go_mod = module_folder("pulumi") / "go.mod"
    assert go_module_version(go_mod, "github.com/pulumi/pulumi/pkg/v3") == f"v{locked}"
    assert go_module_version(go_mod, "github.com/pulumi/pulumi/sdk/v3") == f"v{locked}"


def test_a_module_that_is_not_required_is_an_error_that_names_it() -> None:
    with pytest.raises(SetupError, match=r"does not require example\.com/other"):
        go_module_version(module_folder("pulumi") / "go.mod", "example.com/other")


@pytest.mark.parametrize(
    ("system", "machine", "name"),
    [("Linux", "x86_64", "linux-x64"), ("Linux", "aarch64", "linux-arm64"), ("Darwin", "arm64", "darwin-arm64")],
)
def test_platforms_are_called_as_in_the_releases_of_pulumi(system: str, machine: str, name: str) -> None:
    assert pulumi_platform(system, machine) == name


def test_a_platform_without_releases_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(SetupError, match=r"linux on riscv64; the tools know linux, darwin"):
        pulumi_platform("Linux", "riscv64")
