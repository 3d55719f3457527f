"""Where images are pulled from."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal

from pydantic import AfterValidator, field_validator

from floe_cube_infra.inputs.image_references import parse_reference
from floe_cube_infra.inputs.settings.section import Section

ImageName = Literal[
    "cube", "cube_store", "sql_proxy", "marquez", "marquez_web", "postgres", "collector", "jaeger", "observer"
]
"""The images of `images.json` and our own, the observer's; each can be replaced by the setting of its name."""


def _is_one_image(value: str) -> str:
    parts = parse_reference(value)
    if parts is None or not (parts.tag or parts.digest) or parts.tag == "latest":
        raise ValueError(
            f"{value!r} doesn't name one image; allowed is a repository with a tag other than latest, or with a "
            "digest: registry.example.com/cube:v1.7.43@sha256:..."
        )
    return value


def _is_pinned(value: str) -> str:
    parts = parse_reference(value)
    if parts is None or not parts.tag or not parts.digest:
        raise ValueError(
            f"{value!r} doesn't say what a tag means; `floe-cube images pin` writes such as "
            "docker.io/cubejs/cube:v1.7.43@sha256:..."
        )
    return value


ImageReference = Annotated[str, AfterValidator(_is_one_image)]
PinnedReference = Annotated[str, AfterValidator(_is_pinned)]


class ImageSettings(Section):
    """Where images are pulled from. Which ones is in `images.json`; a setting replaces one of them.

    Attributes:
        mirror: A registry (and folder) that has the same repositories, such as `registry.example.com/mirror`.
        pinned: What the tags meant when `floe-cube images pin` asked the registries: references with tag and digest.
            One holds for exactly its repository and tag, so that after an upgrade the new tag has to be pinned.
        unpinned: Whether images may have no digest, `allowed` or `refused`; by default refused in `prod`.
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
    pinned: tuple[PinnedReference, ...] = ()
    unpinned: Literal["allowed", "refused"] | None = None
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

    @field_validator("pinned")
    @classmethod
    def _each_tag_has_one_digest(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        counts = Counter(reference.partition("@")[0] for reference in value)
        if twice := [tagged for tagged, count in counts.items() if count > 1]:
            raise ValueError(f"{', '.join(twice)} is pinned more than once; keep one digest of each")
        return value

    @property
    def digests(self) -> dict[str, str]:
        """The pinned digests, by reference without digest."""
        return {tagged: digest for tagged, _, digest in (reference.partition("@") for reference in self.pinned)}
