"""`owners.json`: whom to ask about each cube and view, for those who review.

It lies beside what the stack ships and isn't part of it: Cube tells its model to everyone who asks for `/meta`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from floe_cube_infra.model.owners import Owner

OWNERS: Final = "owners.json"


def render_owners(owners: Mapping[str, Sequence[Owner]]) -> dict[str, str]:
    """The file by its name; none where nobody is named.

    Args:
        owners: By the names of cubes and views.
    """
    if not owners:
        return {}
    document = {name: [each.model_dump(mode="json") for each in owners[name]] for name in sorted(owners)}
    return {OWNERS: json.dumps(document, ensure_ascii=False, indent=2) + "\n"}
