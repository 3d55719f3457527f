"""`python3 -m tools wheel`: what is published, a wheel and a source archive."""

from collections.abc import Sequence

from tools.clone import Clone
from tools.errors import SetupError
from tools.process import run
from tools.progress import say
from tools.uv import find_uv


def build_packages(clone: Clone, arguments: Sequence[str] = ()) -> int:
    """Builds both into `dist/`.

    Args:
        clone: What they are built from.
        arguments: More options of `uv build`, such as `--wheel`.

    Raises:
        SetupError: They can't be built.
    """
    result = run([find_uv(), "build", *arguments], cwd=clone.root)
    if not result.ok:
        raise SetupError(f"uv could not build the packages:\n{result.last_lines()}")
    say("The packages are in dist/; `uv pip install dist/*.whl` tries the wheel.")
    return 0
