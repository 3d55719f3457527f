"""The local stack's settings as the engine gets them.

With a passphrase, Pulumi writes the stack's encryption salt into its settings file. In
stacks/Pulumi.local.yaml it would show up as a change in git, and it belongs to one clone.
So the engine gets a working copy: the committed file and the salt.
"""

import re

from tools.clone import Clone
from tools.errors import SetupError
from tools.progress import say

_SALT = re.compile(r"^encryptionsalt:[ \t]*(\S+)[ \t]*$", re.MULTILINE)
_SECRET = re.compile(r"^\s+secure:", re.MULTILINE)
_HEADING = "# Made from stacks/{name} and this clone's salt; change that file, this one is written anew."


def read_salt(text: str) -> str | None:
    """The encryption salt in a stack's settings, or None."""
    found = _SALT.search(text)
    return found[1].strip("\"'") if found else None


def working_text(committed: str, salt: str, name: str) -> str:
    """The settings for the engine.

    Args:
        committed: The committed file.
        salt: The salt of this clone's state.
        name: The committed file's name, for the heading and for errors.

    Raises:
        SetupError: The file has secrets of its own, or is written in a way a salt can't be added to.
    """
    if _SECRET.search(committed):
        raise SetupError(
            f"stacks/{name} holds encrypted secrets (`secure:`), but each clone makes its own passphrase "
            "for the local stack and can't read them. Take them out, or keep them in another stack."
        )
    content = _SALT.sub("", committed)
    meaningful = [line for line in content.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if meaningful and meaningful[0].lstrip().startswith("{"):
        raise SetupError(f"stacks/{name} is one {{...}} mapping; write it as `config:` and indented lines.")
    return f"{_HEADING.format(name=name)}\n{content.rstrip()}\nencryptionsalt: {salt}\n"


def refresh_working_config(clone: Clone, salt: str) -> None:
    """Writes the working copy if the committed file or the salt changed.

    What `pulumi config set` wrote into it by hand is not lost: it is kept beside it, and a line says so.

    Raises:
        SetupError: There are no committed settings, or they can't be used.
    """
    source = clone.committed_config
    try:
        committed = source.read_text(encoding="utf-8")
    except OSError as error:
        raise SetupError(
            f"The local stack's settings {source} can't be read ({error.strerror}); restore them from git."
        ) from error
    wanted = working_text(committed, salt, source.name)
    target, written = clone.working_config, clone.folder / "working-config.last"
    if target.exists():
        present = target.read_text(encoding="utf-8")
        if present == wanted:
            return
        if written.exists() and present != written.read_text(encoding="utf-8"):
            kept = target.with_name(target.name + ".by-hand")
            target.rename(kept)
            say(f"{target} was changed by hand; put such settings into {source}. It is kept as {kept}.")
    target.write_text(wanted, encoding="utf-8")
    written.write_text(wanted, encoding="utf-8")
