"""What `make clean` and `make clean-cache` remove."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from tools.cache import cache_root
from tools.clone import Clone
from tools.progress import say

_FOLDERS = (".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", "htmlcov", "dist", "node_modules", "site")


def clean(clone: Clone) -> None:
    """Removes what was made in this clone: environment, local stack, caches. The shared cache stays."""
    for path in _made_here(clone):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    say(
        f"Removed .floe, {clone.venv.name} and the caches of this clone. "
        f"The tools in {cache_root()}, which all clones share, stay: `make clean-cache` removes them."
    )


def clean_cache() -> None:
    """Removes the tools that were downloaded and built for all clones."""
    root = cache_root()
    if root.exists():
        shutil.rmtree(root)
    say(f"Removed {root}; the next `make up` downloads or builds its tools again.")


def _made_here(clone: Clone) -> Iterator[Path]:
    yield from (path for path in (clone.folder, clone.venv) if path.exists())
    yield from (clone.root / name for name in _FOLDERS if (clone.root / name).exists())
    yield from clone.root.glob(".coverage*")
    # Listed first, since what is walked is being removed.
    yield from list(clone.root.rglob("__pycache__"))
