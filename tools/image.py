"""`make image`: the observer's image, built with Docker or a program that takes the same arguments."""

import json
import shutil
from collections.abc import Sequence

from tools.clone import Clone
from tools.errors import SetupError
from tools.process import stream
from tools.progress import say

_FOLDER = "docker/observer"
_USAGE = 'make image IMAGE=registry.example.com/floe-cube-observer:0.1.0 [ARGS="--push"]'


def build_image(clone: Clone, arguments: Sequence[str]) -> int:
    """Builds the image, and gives the program's exit code.

    Args:
        clone: Where the sources are.
        arguments: The image's name, then more arguments of `docker build`.

    Raises:
        SetupError: There is no name, or no program that builds images.
    """
    if not arguments or arguments[0].startswith("-"):
        raise SetupError(f"What the image is to be called is missing: {_USAGE}")
    name, *more = arguments
    program = next((found for each in ("docker", "podman") if (found := shutil.which(each))), None)
    if program is None:
        raise SetupError(
            "Neither docker nor podman is on PATH, one of which builds the image. Install one "
            "(https://docs.docker.com/engine/install/), or build it in your CI with the same command."
        )
    command = [program, "build", "--file", f"{_FOLDER}/Dockerfile", "--tag", name, *_bases(clone), *more, "."]
    ended = stream(command, say, cwd=clone.root)
    if ended.ok:
        say(f"{name} is built: name it in the stack's settings, images.observer, once it is pushed")
    return ended.code


def _bases(clone: Clone) -> list[str]:
    """The images that it is made of, as arguments."""
    listed = json.loads((clone.root / _FOLDER / "images.json").read_text(encoding="utf-8"))
    unpinned = sorted(name for name, image in listed.items() if not image["digest"])
    if unpinned:
        say(f"not pinned by digest in {_FOLDER}/images.json: {', '.join(unpinned)}")
    return [
        argument
        for name, image in sorted(listed.items())
        for argument in (
            "--build-arg",
            f"{name.upper()}_IMAGE={image['repository']}:{image['tag']}"
            + (f"@{image['digest']}" if image["digest"] else ""),
        )
    ]
