"""Writes the table of cases: `python -m tests.security.write_cases`.

Which answer is right is written by hand or derived from the rule; neither implementation is asked.
"""

from __future__ import annotations

from pathlib import Path

from tests.security.table import demands, forms, keys, names, starts, times, values

FOLDER = Path(__file__).parent / "cases"
TOPICS = {
    "demands": demands.table,
    "forms": forms.table,
    "keys": keys.table,
    "names": names.table,
    "starts": starts.table,
    "times": times.table,
    "values": values.table,
}


def written() -> dict[str, str]:
    """Each file by its name."""
    return {f"{name}.json": make().text() for name, make in TOPICS.items()}


if __name__ == "__main__":
    for name, text in written().items():
        (FOLDER / name).write_text(text, encoding="ascii")
