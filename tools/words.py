"""The words of `python3 -m tools` and what each does."""

import sys
import time
from collections.abc import Sequence

from tools.cleaning import clean, clean_cache
from tools.clone import Clone
from tools.demo import demo
from tools.environment import local_variables, shell_lines, variables
from tools.errors import SetupError
from tools.image import build_image
from tools.local_stack import LocalStack
from tools.packages import build_packages
from tools.progress import say, show_duration
from tools.release_notes import release_notes
from tools.setup import set_up, set_up_python
from tools.site import build_site
from tools.summary import render_summary, show_changes
from tools.supply_chain import audit, write_sbom

_USAGE = """\
python3 -m tools <word> [arguments for pulumi]

  setup        Python environment, Pulumi and its plugins; --quiet tells only what is new
  python       the Python environment only
  up           provision the local stack
  preview      show what `up` would do
  policies     the same, held to the policy pack
  down         remove what the local stack made
  demo         Cube over the sample shop on this machine, until Ctrl-C
  image        the observer's image: its name, then arguments of docker build
  docs         the site of docs/, into site/
  wheel        the packages that are published, into dist/
  sbom         the bill of materials, into dist/
  audit        known vulnerabilities of what uv.lock pins
  notes        what the changelog says of a tag, such as v0.2.0
  env          lines for `eval` that let `pulumi` by hand work on the local stack
  clean        remove what was made in this clone
  clean-cache  remove the tools that all clones share"""

_INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """Does one word and gives its exit code; what goes wrong is told in a sentence, never a traceback."""
    word, rest = (arguments[0] if arguments else "", arguments[1:])
    try:
        return _do(word, [argument for argument in rest if argument != "--"])
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return _INTERRUPTED


def _do(word: str, rest: Sequence[str]) -> int:
    clone = Clone.here()
    match word:
        case "setup":
            lines = set_up(clone).lines()
            if "--quiet" not in rest:
                say("\n".join(lines))
                return _then(0, "`make up` provisions the local stack, `make demo` asks Cube on this machine.")
        case "python":
            set_up_python(clone)
        case "up":
            return _up(clone, rest)
        case "preview":
            return _then(LocalStack(clone, set_up(clone)).preview(rest), "`make up` does it.")
        case "policies":
            return _then(LocalStack(clone, set_up(clone)).check_policies(rest), "`make up` provisions what passed.")
        case "down":
            return _down(clone, rest)
        case "demo":
            return demo(clone, rest)
        case "image":
            return build_image(clone, rest)
        case "docs":
            return build_site(clone, rest)
        case "wheel":
            return build_packages(clone, rest)
        case "sbom":
            return write_sbom(clone, rest)
        case "audit":
            return audit(clone, rest)
        case "notes":
            print(release_notes(clone, next(iter(rest), "")), end="")
        case "env":
            _print_environment(clone)
        case "clean":
            clean(clone)
        case "clean-cache":
            clean_cache()
        case _:
            print(_USAGE, file=sys.stdout if word in {"help", "-h", "--help"} else sys.stderr)
            return 0 if word in {"help", "-h", "--help"} else 2
    return 0


def _up(clone: Clone, rest: Sequence[str]) -> int:
    machine = set_up(clone)
    stack = LocalStack(clone, machine)
    start = time.monotonic()
    if code := stack.up(rest):
        return code
    outputs, changes = stack.outcome()
    print(render_summary(outputs, changes, machine.lines(), show_duration(time.monotonic() - start)))
    return 0


def _down(clone: Clone, rest: Sequence[str]) -> int:
    stack = LocalStack(clone, set_up(clone))
    if not stack.exists:
        print("There is no local stack in this clone: nothing to remove.")
        return 0
    if code := stack.down(rest):
        return code
    _, changes = stack.outcome()
    print(f"The local stack is down: {show_changes(changes)}.")
    return _then(0, "`make up` makes it again, `make clean` forgets it.")


def _then(code: int, step: str) -> int:
    """Names the next step where all went well; gives the exit code."""
    if code == 0:
        say(f"Next: {step}")
    return code


def _print_environment(clone: Clone) -> None:
    machine = set_up(clone)
    LocalStack(clone, machine).prepare()
    print(shell_lines(variables(clone, machine, machine.plugins.home) | local_variables(clone)))
