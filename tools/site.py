"""`make docs`: the site of docs/."""

import os
from collections.abc import Sequence
from pathlib import Path

from tools.clone import Clone
from tools.errors import SetupError
from tools.process import run
from tools.progress import say
from tools.setup import set_up_python


def build_site(clone: Clone, arguments: Sequence[str] = ()) -> int:
    """Builds it into `site/`; what `--strict` finds (a dead link, a page that no menu names) is an error.

    Args:
        clone: Where the pages and the Python environment are.
        arguments: More options of `mkdocs build`.

    Raises:
        SetupError: Something is wrong with the pages.
    """
    set_up_python(clone)
    # Advertising of the theme's makers.
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    command: list[str | Path] = [clone.python, "-m", "mkdocs", "build", "--strict", "--clean", *arguments]
    result = run(command, env=environment, cwd=clone.root)
    if not result.ok:
        raise SetupError(f"The site can't be built:\n{result.last_lines(40)}")
    say(f"The site is in {clone.root / 'site'}; open its index.html.")
    return 0
