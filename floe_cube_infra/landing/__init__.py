"""Whether a stack has landed: what its pods serve is what was meant, and each of its APIs answers."""
