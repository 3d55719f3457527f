from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools import pulumi_cli
from tools.cache import cache_root
from tools.clone import Clone
from tools.errors import SetupError
from tools.go import find_go, module_folder
from tools.platforms import pulumi_platform
from tools.pulumi_cli import find_pulumi, unpack
from tools.reach import Reach

if TYPE_CHECKING:
    from conftest import FileServer

Program = Callable[[str, str], Path]
ARCHIVE = f"pulumi-v3.259.0-{pulumi_platform()}.tar.gz"


def _archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o755
            packed.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def _offline(clone: Clone) -> Reach:
    return Reach(memory=clone.folder / "unreachable.json", ask=lambda url: "get.example could not be reached")


@pytest.fixture
def releases(server: FileServer, monkeypatch: pytest.MonkeyPatch) -> FileServer:
    content = _archive({"pulumi/pulumi": b"#!/bin/sh\n", "pulumi/pulumi-language-python": b"#!/bin/sh\n"})
    server.files[f"/{ARCHIVE}"] = content
    server.files["/pulumi-3.259.0-checksums.txt"] = f"{hashlib.sha256(content).hexdigest()}  {ARCHIVE}\n".encode()
    monkeypatch.setattr(pulumi_cli, "_RELEASES", server.url)
    monkeypatch.setattr(pulumi_cli, "_GITHUB", f"{server.url}/github")
    return server


def test_a_pulumi_on_path_is_taken(clone: Clone, program: Program) -> None:
    path = program("pulumi", "echo v3.300.1")
    program("pulumi-language-python", "")
    cli = find_pulumi(clone, _offline(clone))
    assert cli.program == path
    assert cli.line == f"Pulumi 3.300.1 from PATH ({path})"


def test_an_older_pulumi_on_path_is_taken_with_a_note(clone: Clone, program: Program) -> None:
    program("pulumi", "echo v3.100.0")
    program("pulumi-language-python", "")
    assert "older than the project's SDK 3.259.0" in find_pulumi(clone, _offline(clone)).line


@pytest.mark.usefixtures("releases")
@pytest.mark.parametrize(
    ("version", "host", "said"),
    [("v2.9.0", True, "is not Pulumi 3"), ("", True, "is not Pulumi 3"), ("v3.259.0", False, "comes without")],
)
def test_a_pulumi_that_cannot_serve_is_left_alone_and_the_release_is_fetched(
    clone: Clone, program: Program, capsys: pytest.CaptureFixture[str], version: str, host: bool, said: str
) -> None:
    program("pulumi", f"echo {version}")
    if host:
        program("pulumi-language-python", "")
    cli = find_pulumi(clone, Reach(memory=clone.folder / "unreachable.json"))
    assert said in capsys.readouterr().err
    assert cli.program.is_relative_to(cache_root())


@pytest.mark.usefixtures("program")
def test_the_official_release_is_fetched_checked_and_kept(clone: Clone, releases: FileServer) -> None:
    for _ in range(2):
        cli = find_pulumi(clone, Reach(memory=clone.folder / "unreachable.json"))
        assert cli.line == "Pulumi 3.259.0, the official release"
    assert cli.program.is_file()
    assert (cli.folder / "pulumi-language-python").is_file()
    assert releases.requests.count(f"GET /{ARCHIVE}") == 1


@pytest.mark.usefixtures("program")
def test_checksums_come_from_github_where_the_release_folder_has_none(clone: Clone, releases: FileServer) -> None:
    listing = releases.files.pop("/pulumi-3.259.0-checksums.txt")
    releases.files["/github/v3.259.0/pulumi-3.259.0-checksums.txt"] = listing
    assert "official" in find_pulumi(clone, Reach(memory=clone.folder / "unreachable.json")).line


@pytest.mark.usefixtures("program")
def test_a_release_with_a_wrong_checksum_is_not_kept_and_the_way_out_without_go_is_told(
    clone: Clone, releases: FileServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    releases.files[f"/{ARCHIVE}"] += b"\0"
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SetupError, match="there is no `go` on PATH"):
        find_pulumi(clone, Reach(memory=clone.folder / "unreachable.json"))
    assert "was changed on its way" in capsys.readouterr().err
    assert not [path for path in (cache_root() / "pulumi").iterdir() if path.is_dir()]


def test_without_network_and_go_one_sentence_says_what_to_install(
    clone: Clone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SetupError, match=r"no `go` on PATH\. Install Go 1\.\d+\.\d+ or newer .* or Pulumi itself"):
        find_pulumi(clone, _offline(clone))
    assert "since get.example could not be reached" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("version", "toolchain", "taken"),
    [("go1.19.5", "", False), ("go1.24.0", "local", False), ("go1.24.0", "auto", True), ("go1.99.0", "local", True)],
)
def test_an_old_go_is_taken_only_if_it_fetches_a_newer_one(
    program: Program, version: str, toolchain: str, taken: bool
) -> None:
    program("go", f"echo {version}; echo {toolchain}")
    if taken:
        assert find_go(module_folder("pulumi")).endswith("/go")
    else:
        with pytest.raises(SetupError, match=f"is Go {version[2:]}"):
            find_go(module_folder("pulumi"))


def test_a_build_without_network_says_which_setting_helps(
    clone: Clone, program: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    program("go", 'case $1 in env) echo go1.99.0;; *) echo "dial tcp: lookup proxy: no such host" >&2; exit 1;; esac')
    with pytest.raises(SetupError, match=r"set GOPROXY or HTTPS_PROXY"):
        find_pulumi(clone, _offline(clone))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no archive", "is not an archive of Pulumi"),
        (_archive({"other/pulumi": b""}), "is not an archive of Pulumi"),
        (_archive({"pulumi/readme": b""}), "holds no program `pulumi/pulumi`"),
        (_archive({"../outside": b""}), "is not an archive of Pulumi"),
    ],
    ids=["text", "another folder", "no program", "out of the folder"],
)
def test_an_archive_of_another_shape_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    target = tmp_path / "inner"
    target.mkdir()
    (target / "a.tar.gz").write_bytes(content)
    with pytest.raises(SetupError, match=message):
        unpack(target / "a.tar.gz", target)
    assert not (tmp_path / "outside").exists()
