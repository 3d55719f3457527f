"""`python3 -m tools <word>`. This file alone keeps to syntax that an old Python understands."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the machine's python3 may be older than the project's
    sys.exit(
        "floe-cube-infra needs Python 3.11 or newer; this is %s (%s). "  # noqa: UP031 - see above
        "Install one and name it, e.g. `make up PYTHON=python3.11`."
        % (".".join(str(part) for part in sys.version_info[:3]), sys.executable)
    )

from tools.words import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
