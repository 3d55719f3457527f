"""OpenLineage's own Java client for tests: from Maven Central, once for all clones."""

import shutil
from pathlib import Path

from tools.cache import cache_root, content_key, provide
from tools.errors import SetupError
from tools.process import run

_POM = Path(__file__).resolve().parent / "java" / "openlineage" / "pom.xml"


def provide_openlineage_java() -> Path:
    """A folder with the client and what it needs, as jars.

    Raises:
        SetupError: Java or Maven is missing, or Maven Central isn't in reach.
    """
    missing = [name for name in ("java", "mvn") if shutil.which(name) is None]
    if missing:
        raise SetupError(f"OpenLineage's Java client needs {' and '.join(missing)} on PATH.")

    def make(folder: Path) -> None:
        command = ["mvn", "-q", "-B", "-f", str(_POM), "dependency:copy-dependencies"]
        got = run([*command, "-DincludeScope=runtime", f"-DoutputDirectory={folder}"])
        if not got.ok:
            raise SetupError(f"OpenLineage's Java client can't be had from Maven Central:\n{got.last_lines(8)}")

    return provide(cache_root() / "openlineage-java" / content_key(_POM), make)
