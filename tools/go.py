"""Building a program from Go modules that are pinned under tools/go."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from tools.errors import SetupError
from tools.process import Result, run, stream
from tools.progress import Progress
from tools.versions import parse_version, show_version

# The same sources give the same program; `-v` is what the progress line counts.
BUILD_FLAGS = ("-v", "-mod=readonly", "-trimpath", "-buildvcs=false")
# The first Go that fetches a newer Go by itself.
_FETCHES_TOOLCHAINS = (1, 21, 0)
_NETWORK = re.compile(
    r"dial tcp|no such host|i/o timeout|connection refused|TLS handshake|proxyconnect|no route to host"
)


def module_folder(name: str) -> Path:
    """The folder with the go.mod and go.sum that pin a tool."""
    return Path(__file__).resolve().parent / "go" / name


def find_go(module: Path, *, instead: str = "") -> str:
    """A Go that is new enough for a module.

    Args:
        module: The folder with go.mod.
        instead: What else would help, to be put behind "Install Go".

    Raises:
        SetupError: There is none, or only an older one that may not fetch a newer.
    """
    needed = parse_version(_go_line(module / "go.mod")) or (0, 0, 0)
    advice = f"Install Go {show_version(needed)} or newer (https://go.dev/doc/install){instead and f', {instead}'}."
    go = shutil.which("go")
    if not go:
        raise SetupError(f"{module.name} must be built here, and there is no `go` on PATH. {advice}")
    # Not in the module's folder, where an old Go refuses to say anything.
    told = run([go, "env", "GOVERSION", "GOTOOLCHAIN"], cwd=Path("/")).output.split("\n")
    version, toolchain = (*told, "", "")[:2]
    have = parse_version(version) or (0, 0, 0)
    if have < needed and (have < _FETCHES_TOOLCHAINS or toolchain == "local"):
        raise SetupError(f"{module.name} must be built here, and {go} is Go {show_version(have)}. {advice}")
    return go


def build(
    module: Path, package: str, target: Path, *, version: str, variables: Mapping[str, str], instead: str = ""
) -> None:
    """Builds one program, showing how many packages it has compiled.

    Args:
        module: The folder with go.mod and go.sum.
        package: The program's import path, `.` for the module's own.
        target: The file to write.
        version: What is shown while it is built.
        variables: Go variables to set, such as the one that holds the version.
        instead: What would help where it can't be built, as `find_go` takes it.

    Raises:
        SetupError: Go is missing or too old, modules can't be had, or it does not compile.
    """
    go = find_go(module, instead=instead)
    values = "".join(f" -X {name}={value}" for name, value in variables.items())
    command = [
        *(go, "build", *BUILD_FLAGS, "-ldflags", f"-s -w{values}"),
        *("-o", str(target), package),
    ]
    counts = {"downloaded": 0, "compiled": 0}
    with Progress(f"building {target.name} {version} from Go modules") as progress:

        def count(line: str) -> None:
            kind = "downloaded" if line.startswith("go: downloading") else "compiled"
            counts[kind] += 1
            progress.update(f"{counts['downloaded']} modules downloaded, {counts['compiled']} packages compiled")

        # Without cgo no C compiler is needed and the result runs on any machine of the platform.
        result = stream(command, count, env=os.environ | {"CGO_ENABLED": "0"}, cwd=module)
    if not result.ok:
        raise SetupError(_explain(target.name, result, instead))


def source_folder(module: Path, dependency: str) -> Path:
    """The folder where Go keeps the source of a module that `module` requires.

    Raises:
        SetupError: It can't be had.
    """
    result = run([find_go(module), "mod", "download", "-json", dependency], cwd=module)
    found = re.search(r'"Dir": "([^"]+)"', result.output)
    if not result.ok or not found:
        raise SetupError(_explain(dependency, result, ""))
    return Path(found[1])


def _go_line(go_mod: Path) -> str:
    found = re.search(r"^go \S+", go_mod.read_text(encoding="utf-8"), re.MULTILINE)
    return found[0] if found else ""


def _explain(what: str, result: Result, instead: str) -> str:
    text = f"{what} could not be built from Go modules:\n{result.last_lines(8)}\n"
    if _NETWORK.search(result.output + result.errors):
        return f"{text}The Go modules can't be downloaded: set GOPROXY or HTTPS_PROXY to one in reach."
    return text + (f"Instead, install {instead.removeprefix('or ')}." if instead else "")
