"""What to do about failures of Pulumi that it explains in words of its own."""

_HINTS = {
    "incorrect passphrase": (
        "The local stack's state was encrypted with another passphrase than the one in .floe/passphrase. "
        "Put the right file back, or start afresh: `make clean` forgets the local stack of this clone."
    ),
    "the stack is currently locked": (
        "Another run holds the local stack, or one was killed. If none is going on: "
        'eval "$(python3 -m tools env)" && pulumi cancel --yes'
    ),
    "error: unknown flag": (
        "What is in ARGS is handed on to pulumi as it is: `pulumi preview --help` lists the options that it takes."
    ),
    "no resource plugin": (
        "A plugin is missing, and they aren't fetched by themselves: add it with `pulumi plugin install` "
        'after eval "$(python3 -m tools env)".'
    ),
}


def hint(output: str) -> str | None:
    """Advice for what Pulumi printed before it failed, or None where its own words are enough."""
    return next((advice for sign, advice in _HINTS.items() if sign in output), None)
