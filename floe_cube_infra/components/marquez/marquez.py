"""Marquez as a whole: the database where it is the stack's own, the server, the web pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from floe_cube_infra.components.marquez.addresses import database_name
from floe_cube_infra.components.marquez.server import MarquezServer, MarquezServerArgs
from floe_cube_infra.components.marquez.web import MarquezWeb, MarquezWebArgs

if TYPE_CHECKING:
    from floe_cube_infra.components.marquez.database import MarquezDatabaseArgs


@dataclass(frozen=True, kw_only=True)
class MarquezArgs:
    """What Marquez is made of.

    Attributes:
        database: Its database, if that is the stack's own.
        server: What takes lineage and answers for it.
        web: Its web pages; None for none.
    """

    database: MarquezDatabaseArgs | None
    server: MarquezServerArgs
    web: MarquezWebArgs | None


class Marquez(pulumi.ComponentResource):
    """Marquez. Where it takes lineage is known before it is made: nobody waits for it."""

    def __init__(self, name: str, args: MarquezArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:Marquez", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        after_database = child
        if args.database is not None:
            # Only now: a stack without generated passwords doesn't wait for the SDK.
            from floe_cube_infra.components.marquez.database import MarquezDatabase  # noqa: PLC0415

            database = MarquezDatabase(database_name(name), args.database, opts=child)
            after_database = pulumi.ResourceOptions(parent=self, depends_on=[database])
        MarquezServer(name, args.server, opts=after_database)
        if args.web is not None:
            MarquezWeb(f"{name}-web", args.web, opts=child)
        self.register_outputs({})
