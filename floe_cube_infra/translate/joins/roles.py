"""Role playing: several foreign keys to one dimension become one cube for each role, by `extends`.

A key named as the target's own (`orders.customer_id` to `customers.customer_id`) joins the cube itself; each other
one joins a cube named after it: `billing_address_id` joins `billing_address`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import chain, count

from floe_cube_infra.model.names import cube_name
from floe_cube_infra.translate.joins.edges import Edge
from floe_cube_infra.translate.sources import SourceModel

_KEY_SUFFIX = re.compile(r"_(?:id|key|sk|fk|pk|code|uuid|guid|ref|no|nr|number)$", re.IGNORECASE)


@dataclass(kw_only=True)
class Roles:
    """The roles that cubes play so far.

    Attributes:
        taken: Names of cubes and views.
        targets: The `unique_id` of the extended node by role cube; one role may serve several facts.
    """

    taken: Collection[str]
    targets: dict[str, str] = field(default_factory=dict)

    def name(self, source: SourceModel, edge: Edge) -> str:
        """The cube that the edge joins, made known as a role."""
        # What both keys share (the owner of both rows, say) tells no role from another.
        own = [column for column, to in zip(edge.columns, edge.to_columns, strict=True) if column != to]
        role = cube_name("_".join(_KEY_SUFFIX.sub("", column) for column in own or edge.columns))
        whole = cube_name(f"{source.cube_name}_{'_'.join(edge.columns)}")
        numbered = (f"{whole}_{number}" for number in count(2))
        for name in chain((role, f"{source.cube_name}_{role}", whole), numbered):
            if self.targets.get(name, edge.to) == edge.to and name not in self.taken:
                self.targets[name] = edge.to
                return name
        raise AssertionError("numbers don't end")


def is_main(edge: Edge) -> bool:
    """Whether the key is named as the target's own, so that it joins the cube itself."""
    return edge.columns == edge.to_columns


def title(name: str) -> str:
    """What tools show for a role: `billing_address` is "Billing address"."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
