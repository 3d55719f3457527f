from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from floe_cube_infra.errors import SourceError
from floe_cube_infra.inputs import sources


def refusal(location: str, what: str = "dbt manifest") -> str:
    with pytest.raises(SourceError) as caught:
        sources.read(location, what)
    return str(caught.value)


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"\x00\xff{}")

    assert sources.read(str(tmp_path / "a.json"), "dbt manifest") == b"\x00\xff{}"


def test_a_gz_file_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(b"{}", mtime=0))

    assert sources.read(str(tmp_path / "a.json.gz"), "dbt manifest") == b"{}"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            gzip.compress(b"x" * 500_000, mtime=0)[:-9],
            "Compressed file ended before the end-of-stream marker was reached",
        ),
        (gzip.compress(b"abc" * 100, mtime=0)[:4], "Compressed file ended before"),
        (gzip.compress(b"abc" * 100, mtime=0)[:10] + b"\xff" * 50, "Error -3 while decompressing"),
        (b'{"not": "packed"}', "Not a gzipped file"),
    ],
)
def test_a_damaged_gz_file_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.json.gz").write_bytes(content)

    assert f"a.json.gz can't be read: {reason}" in refusal(str(tmp_path / "a.json.gz"))


@pytest.mark.parametrize(
    ("what", "writer"),
    [
        ("dbt manifest", "`dbt parse` (or any dbt command) writes it to target/manifest.json."),
        ("dbt catalog", "`dbt docs generate` writes it to target/catalog.json."),
        ("compiled artifacts", "The floe compiler writes it; check the path in the stack's settings."),
    ],
)
@pytest.mark.parametrize("name", ["none.json", "none.json.gz", "none/none.json"])
def test_a_missing_file_is_refused_with_who_writes_it(tmp_path: Path, what: str, writer: str, name: str) -> None:
    assert refusal(str(tmp_path / name), what) == f"The {what} {tmp_path / name} does not exist. {writer}"


@pytest.mark.parametrize("name", ["folder", "folder.gz"])
def test_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()

    assert refusal(str(tmp_path / name)) == (
        f"The dbt manifest {tmp_path / name} is a folder, not a file. "
        "`dbt parse` (or any dbt command) writes it to target/manifest.json."
    )
    (tmp_path / name / "target").mkdir()
    (tmp_path / name / "target" / "manifest.json").touch()
    assert refusal(str(tmp_path / name)).endswith(f"Give the file in it: {tmp_path / name}/target/manifest.json.")


def test_a_file_as_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")

    assert refusal(str(tmp_path / "a.json" / "b.json")).endswith("can't be read: Not a directory.")


def test_a_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so here the system's refusal is made up."""

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)

    assert refusal(str(tmp_path / "a.json")).endswith("a.json can't be read: Permission denied.")


@pytest.mark.parametrize("name", ["a\0b.json", "a\0b.json.gz", "\ud800.json", "n" * 5000, "loop"])
def test_a_path_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to("loop")

    assert "can't be read: " in refusal(f"{tmp_path}/{name}")


@pytest.mark.parametrize("location", ["http://host/a.json", "gs://bucket/a.json", "file:///etc/passwd", "ftp://h/a"])
def test_an_unknown_scheme_is_refused_with_the_allowed_ones(location: str) -> None:
    assert refusal(location) == f"The dbt manifest {location} can't be read: allowed are a path, s3:// or https://."


@pytest.mark.parametrize("location", ["s3://", "s3://bucket", "s3://bucket/", "s3:///key", "https://"])
def test_an_address_without_a_file_is_refused(location: str) -> None:
    assert "it names no file; write s3://<bucket>/<key>" in refusal(location)


def test_relative_paths_are_taken_from_the_base_and_others_stay() -> None:
    base = Path("/project")

    assert sources.resolve("target/manifest.json", base) == "/project/target/manifest.json"
    assert sources.resolve("/elsewhere/manifest.json", base) == "/elsewhere/manifest.json"
    assert sources.resolve("s3://bucket/manifest.json", base) == "s3://bucket/manifest.json"


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("https://user:hunter2@host/a.json", "https://***@host/a.json"),
        ("https://token@host/a.json?X-Amz-Signature=abc&b=c", "https://***@host/a.json?***"),
        ("s3://AKIA:se/cr/et@bucket/a@b.json", "s3://***@bucket/a@b.json"),
        ("s3://bucket/a@b.json", "s3://bucket/a@b.json"),
        ("postgres://user:hunter2@host/db", "postgres://***@host/db"),
        ("https://host:8443/a.json", "https://host:8443/a.json"),
        ("/data/what?/a@b.json", "/data/what?/a@b.json"),
    ],
)
def test_what_may_be_secret_in_an_address_is_not_told(location: str, told: str) -> None:
    assert sources.without_credentials(location) == told


def test_an_error_about_an_address_holds_none_of_its_secrets() -> None:
    for location in ("ftp://user:hunter2@host/a", "https://user:hunter2@127.0.0.1:1/a.json?sig=hunter2"):
        assert "hunter2" not in refusal(location)
