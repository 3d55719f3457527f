"""`make sbom` and `make audit`: what the software is made of, and which of it is known to be vulnerable.

Both ask about what uv.lock pins for those who install the package, all extras included; nothing of the tests.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.clone import Clone
from tools.errors import SetupError
from tools.process import run, stream
from tools.progress import say
from tools.setup import set_up_python
from tools.uv import find_uv

SBOM = Path("dist") / "floe-cube-infra.cdx.json"

_EXPORT = ("export", "--frozen", "--no-dev", "--all-extras", "--no-emit-project", "--no-header", "--quiet")


def write_sbom(clone: Clone, arguments: Sequence[str] = ()) -> int:
    """Writes a bill of materials (CycloneDX, JSON) into `dist/`; the same lock file gives the same bytes.

    Args:
        clone: Whose it is.
        arguments: More options of `cyclonedx-py requirements`.

    Raises:
        SetupError: It can't be written.
    """
    set_up_python(clone)
    target = clone.root / SBOM
    target.parent.mkdir(exist_ok=True)
    with _requirements(clone) as requirements:
        command: list[str | Path] = [clone.python.with_name("cyclonedx-py"), "requirements", requirements]
        command += ["--pyproject", clone.root / "pyproject.toml", "--mc-type", "library", "--output-reproducible"]
        result = run([*command, "--output-file", target, *arguments], cwd=clone.root)
    if not result.ok:
        raise SetupError(f"The bill of materials can't be written:\n{result.last_lines()}")
    say(f"The bill of materials is {SBOM}; it goes with a release, and `make audit` looks for what is vulnerable.")
    return 0


def audit(clone: Clone, arguments: Sequence[str] = ()) -> int:
    """Looks up known vulnerabilities, which takes a request to PyPI for each package; gives pip-audit's exit code.

    Args:
        clone: Whose packages they are.
        arguments: More options of `pip-audit`.
    """
    set_up_python(clone)
    with _requirements(clone) as requirements:
        # The hashes say exactly which files are meant, so that nothing has to be resolved or installed.
        command: list[str | Path] = [clone.python.with_name("pip-audit"), "--requirement", requirements]
        command += ["--require-hashes", "--disable-pip", "--strict", "--progress-spinner", "off", *arguments]
        return stream(command, lambda line: print(line, flush=True), cwd=clone.root).code


@contextmanager
def _requirements(clone: Clone) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="floe-cube-requirements-") as folder:
        file = Path(folder) / "requirements.txt"
        result = run([find_uv(), *_EXPORT, "--output-file", file], cwd=clone.root)
        if not result.ok:
            raise SetupError(f"uv can't say what uv.lock pins:\n{result.last_lines()}")
        yield file
