"""What goes wrong while setting up a machine, told as a sentence."""


class SetupError(Exception):
    """Something is missing or failed; the message says what was found, what is needed and what to do."""
