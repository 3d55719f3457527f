from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools.download import fetch_file, fetch_text, published_checksum, why_unreachable
from tools.errors import SetupError

if TYPE_CHECKING:
    from conftest import FileServer

CONTENT = b"a release" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def test_a_file_with_the_published_checksum_is_kept(server: FileServer, tmp_path: Path) -> None:
    server.files["/a.tar.gz"] = CONTENT
    fetch_file(f"{server.url}/a.tar.gz", tmp_path / "a", sha256=SHA256.upper(), what="downloading a")
    assert (tmp_path / "a").read_bytes() == CONTENT


def test_a_file_with_another_checksum_is_refused_and_removed(server: FileServer, tmp_path: Path) -> None:
    server.files["/a.tar.gz"] = CONTENT + b"!"
    with pytest.raises(SetupError, match=f"but {SHA256} was published"):
        fetch_file(f"{server.url}/a.tar.gz", tmp_path / "a", sha256=SHA256, what="downloading a")
    assert not (tmp_path / "a").exists()


def test_a_missing_file_is_told_with_the_answer_of_the_server(server: FileServer, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"a\.tar\.gz can't be downloaded: the server answered 404"):
        fetch_file(f"{server.url}/a.tar.gz", tmp_path / "a", sha256=SHA256, what="downloading a")
    assert not (tmp_path / "a").exists()


def test_a_file_that_is_cut_short_is_not_kept(server: FileServer, tmp_path: Path) -> None:
    server.files["/a.tar.gz"] = CONTENT
    server.claimed_size = len(CONTENT) + 10
    with pytest.raises(SetupError, match="it was cut short"):
        fetch_file(f"{server.url}/a.tar.gz", tmp_path / "a", sha256=SHA256, what="downloading a")
    assert not (tmp_path / "a").exists()


def test_a_server_that_sends_nothing_is_given_up(server: FileServer, tmp_path: Path) -> None:
    server.files["/a.tar.gz"] = CONTENT
    server.delay = 1.0
    with pytest.raises(SetupError, match="the server stopped sending"):
        fetch_file(f"{server.url}/a.tar.gz", tmp_path / "a", sha256=SHA256, what="downloading a", stall=0.2)


def test_a_text_is_given_or_told_to_be_missing(server: FileServer) -> None:
    server.files["/sums.txt"] = b"abc  file"
    assert fetch_text(f"{server.url}/sums.txt") == "abc  file"
    with pytest.raises(SetupError, match=r"other\.txt can't be downloaded: the server answered 404"):
        fetch_text(f"{server.url}/other.txt")


def test_a_server_that_has_the_file_is_reachable_and_is_asked_for_headers_only(server: FileServer) -> None:
    server.files["/a.tar.gz"] = CONTENT
    assert why_unreachable(f"{server.url}/a.tar.gz") is None
    assert server.requests == ["HEAD /a.tar.gz"]


def test_a_server_that_refuses_is_named_with_its_answer(server: FileServer) -> None:
    assert why_unreachable(f"{server.url}/none") == f"{server.url.removeprefix('http://')} answered 404"


def test_a_server_that_does_not_answer_costs_no_more_than_the_limit(server: FileServer) -> None:
    server.delay = 1.5
    start = time.monotonic()
    why = why_unreachable(f"{server.url}/a", seconds=0.2)
    assert time.monotonic() - start < 1.0
    assert why is not None
    assert "did not answer within 0.2 s" in why or "could not be reached" in why


def test_a_closed_port_is_told_as_unreachable() -> None:
    assert why_unreachable("http://127.0.0.1:9/a") == "127.0.0.1:9 could not be reached"


@pytest.mark.parametrize("line", ["abc123  a.tar.gz", "abc123 *a.tar.gz", "abc123  ./a.tar.gz"])
def test_a_checksum_is_found_by_the_whole_name_of_its_file(line: str) -> None:
    assert published_checksum(f"fff000  other-a.tar.gz\n{line}\n", "a.tar.gz") == "abc123"


def test_a_file_without_a_published_checksum_is_refused() -> None:
    with pytest.raises(SetupError, match=r"do not list a\.tar\.gz"):
        published_checksum("abc123  other-a.tar.gz\n", "a.tar.gz")
