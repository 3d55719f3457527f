"""What the changelog says of a version, once everything agrees that it is the version of this tree."""

import re

from tools.clone import Clone
from tools.errors import SetupError


def release_notes(clone: Clone, tag: str) -> str:
    """The section of CHANGELOG.md that belongs to a tag, as Markdown without its heading.

    Args:
        clone: The tree that is released.
        tag: `v` and the version of pyproject.toml, such as `v0.2.0`.

    Raises:
        SetupError: The tag isn't that, or the changelog has no section of it, or says nothing in it.
    """
    version = project_version(clone)
    if tag != f"v{version}":
        raise SetupError(
            f"The tag {tag or '(none)'} isn't that of pyproject.toml, whose version is {version}: v{version}. "
            "Change the version, run `uv lock`, and tag that commit."
        )
    text = (clone.root / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(
        rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d\n(.*?)(?=^## \[|\Z)", text, re.DOTALL | re.MULTILINE
    )
    if found is None:
        raise SetupError(
            f"CHANGELOG.md has no section `## [{version}] - <date>`: give what is under [Unreleased] that heading."
        )
    if not found[1].strip():
        raise SetupError(f"CHANGELOG.md says nothing of {version}: write what changes for those who use it.")
    return found[1].strip() + "\n"


def project_version(clone: Clone) -> str:
    """The version in pyproject.toml, the only place that has it.

    Raises:
        SetupError: It isn't there.
    """
    text = (clone.root / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise SetupError("pyproject.toml has no line `version = ...`; restore it from git.")
    return found[1]
