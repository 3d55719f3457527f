"""The Pulumi CLI: the machine's own, else the official download, else built from Go modules."""

import json
import os
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path

from tools.cache import cache_root, content_key, provide
from tools.clone import Clone
from tools.download import fetch_file, fetch_text, published_checksum
from tools.errors import SetupError
from tools.go import module_folder
from tools.platforms import pulumi_platform
from tools.process import run
from tools.progress import say
from tools.pulumi_build import RECIPE, build_pulumi
from tools.reach import Reach
from tools.versions import Version, locked_version, parse_version, show_version

# https://www.pulumi.com/docs/install/versions/ lists archives under the first address; the checksums
# (SHA-256) lie beside them and among the assets of the release on GitHub.
_RELEASES = "https://get.pulumi.com/releases/sdk"
_GITHUB = "https://github.com/pulumi/pulumi/releases/download"
_ORIGIN = "origin.json"


@dataclass(frozen=True, kw_only=True)
class PulumiCli:
    """A Pulumi CLI and where it came from.

    Attributes:
        folder: The folder with `pulumi` and its language hosts.
        line: Which way it was had and why, as a line for people.
    """

    folder: Path
    line: str

    @property
    def program(self) -> Path:
        """The executable."""
        return self.folder / "pulumi"

    @property
    def is_built(self) -> bool:
        """Whether it was built here, with the old Python host that goes with that."""
        return (self.folder / "host").is_dir()


def find_pulumi(clone: Clone, reach: Reach) -> PulumiCli:
    """Gives a Pulumi CLI, fetching or building one on first use.

    Raises:
        SetupError: There is none, it can't be downloaded, and it can't be built.
    """
    version = locked_version(clone.lock_file, "pulumi")
    if found := _on_path(version):
        return found
    official = cache_root() / "pulumi" / f"{version}-{pulumi_platform()}"
    key = content_key(*_module_files(), also=RECIPE)
    built = official.with_name(f"{official.name}-built-{key}")
    if not official.is_dir() and not built.is_dir():
        why = _try_download(official, version, reach)
        if why:
            say(f"Pulumi {version} is built from Go modules, once (some minutes), since {why}")
            provide(built, lambda folder: _build(folder, version, why))
    entry = official if official.is_dir() else built
    return PulumiCli(folder=entry / "bin", line=_origin(entry))


def _on_path(wanted: str) -> PulumiCli | None:
    program = shutil.which("pulumi")
    if not program or Path(program).is_relative_to(cache_root()):
        return None
    have = parse_version(run([program, "version"]).output)
    if have is None or have[0] != 3:
        say(f"{program} is not Pulumi 3 and is left alone")
        return None
    if not _language_host(Path(program)):
        say(f"{program} comes without pulumi-language-python and is left alone")
        return None
    note = _age_note(have, parse_version(wanted))
    return PulumiCli(folder=Path(program).parent, line=f"Pulumi {show_version(have)} from PATH ({program}){note}")


def _language_host(program: Path) -> bool:
    beside = program.resolve().with_name("pulumi-language-python")
    return os.access(beside, os.X_OK) or shutil.which("pulumi-language-python") is not None


def _age_note(have: Version, wanted: Version | None) -> str:
    if wanted and have < wanted:
        return f"; it is older than the project's SDK {show_version(wanted)}: update it if it refuses to run"
    return ""


def _try_download(entry: Path, version: str, reach: Reach) -> str | None:
    archive = f"pulumi-v{version}-{pulumi_platform()}.tar.gz"
    if why := reach.why_not([f"{_RELEASES}/{archive}"]):
        return why
    try:
        provide(entry, lambda folder: _download(folder, version, archive))
    except SetupError as error:
        say(str(error))
        return "the download failed"
    return None


def _download(folder: Path, version: str, archive: str) -> None:
    checksum = published_checksum(_checksums(version), archive)
    packed = folder / archive
    fetch_file(f"{_RELEASES}/{archive}", packed, sha256=checksum, what=f"downloading Pulumi {version}")
    unpack(packed, folder)
    packed.unlink()
    _write_origin(folder, f"Pulumi {version}, the official release")


def unpack(archive: Path, folder: Path) -> None:
    """Unpacks a release of Pulumi (one folder named `pulumi`) as `folder/bin`.

    Raises:
        SetupError: It is no such archive.
    """
    try:
        with tarfile.open(archive) as packed:
            if hasattr(tarfile, "data_filter"):
                packed.extraction_filter = tarfile.data_filter
            # The oldest patch releases of 3.11 know no filter: there the checksum vouches for the archive.
            packed.extractall(folder)  # nosec B202
        (folder / "pulumi").rename(folder / "bin")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise SetupError(f"{archive.name} is not an archive of Pulumi ({error}).") from error
    if not os.access(folder / "bin" / "pulumi", os.X_OK):
        raise SetupError(f"{archive.name} holds no program `pulumi/pulumi`.")


def _checksums(version: str) -> str:
    name = f"pulumi-{version}-checksums.txt"
    try:
        return fetch_text(f"{_RELEASES}/{name}")
    except SetupError:
        return fetch_text(f"{_GITHUB}/v{version}/{name}")


def _build(folder: Path, version: str, why: str) -> None:
    build_pulumi(folder / "bin", version)
    _write_origin(folder, f"Pulumi {version}, built from Go modules ({why})")


def _module_files() -> list[Path]:
    folders = [module_folder("pulumi"), module_folder("pulumi-language-python")]
    return [folder / name for folder in folders for name in ("go.mod", "go.sum")]


def _write_origin(folder: Path, line: str) -> None:
    (folder / _ORIGIN).write_text(json.dumps({"line": line}) + "\n", encoding="utf-8")


def _origin(entry: Path) -> str:
    try:
        return str(json.loads((entry / _ORIGIN).read_text(encoding="utf-8"))["line"])
    except (OSError, ValueError, KeyError):
        return f"Pulumi from {entry}"
