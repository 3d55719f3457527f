"""Where images are pulled from."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator

from floe_cube_infra.inputs.settings.section import Section

ImageName = Literal[
    "cube", "cube_store", "sql_proxy", "marquez", "marquez_web", "postgres", "collector", "jaeger", "observer"
]
"""The images of `images.json` and our own, the observer's; each can be replaced by the setting of its name."""

_REFERENCE: Final = re.compile(
    r"[a-z0-9][a-z0-9._:/-]*?(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)


def _is_one_image(value: str) -> str:
    match = _REFERENCE.fullmatch(value)
    if match is None or not (match["tag"] or match["digest"]) or match["tag"] == "latest":
        raise ValueError(
            f"{value!r} doesn't name one image; allowed is a repository with a tag other than latest, or with a "
            "digest: registry.example.com/cube:v1.7.43@sha256:..."
        )
    return value


ImageReference = Annotated[str, AfterValidator(_is_one_image)]


class ImageSettings(Section):
    """Where images are pulled from. Which ones is in `images.json`; a setting replaces one of them.

    Attributes:
        mirror: A registry (and folder) that has the same repositories, such as `registry.example.com/mirror`.
        pull_secrets: Secrets of the type `kubernetes.io/dockerconfigjson` in the namespace.
        cube: The image of the Cube API and the refresh worker.
        cube_store: The image of Cube Store.
        sql_proxy: The image of Traefik, which ends TLS before the SQL API.
        marquez: The image of Marquez.
        marquez_web: The image of its web pages.
        postgres: The image of PostgreSQL, Marquez's database where the stack runs one.
        collector: The image of the OpenTelemetry collector, with the contrib distribution's parts.
        jaeger: The image of Jaeger 2.
        observer: The image of the observer, which `make image` builds. No query is observed until it is given.
    """

    mirror: str | None = None
    pull_secrets: tuple[str, ...] = ()
    cube: ImageReference | None = None
    cube_store: ImageReference | None = None
    sql_proxy: ImageReference | None = None
    marquez: ImageReference | None = None
    marquez_web: ImageReference | None = None
    postgres: ImageReference | None = None
    collector: ImageReference | None = None
    jaeger: ImageReference | None = None
    observer: ImageReference | None = None
