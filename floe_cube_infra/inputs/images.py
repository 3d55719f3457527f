"""The images that everything runs from: `images.json` has each one's repository, tag and digest, in one place."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from floe_cube_infra.inputs.image_references import ImageReference, parse_reference
from floe_cube_infra.inputs.settings.images import ImageName, ImageSettings


class Image(BaseModel):
    """Where an image is, and which one.

    Attributes:
        repository: With its registry's host, such as `docker.io/cubejs/cube`.
        tag: A version, never one that moves.
        digest: What the tag meant when it was pinned; None until then. With it the tag is only for people.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    repository: Annotated[str, Field(pattern=r"^[a-z0-9.-]+(?::[0-9]+)?(?:/[a-z0-9._-]+)+$")]
    tag: Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$")]
    digest: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")] | None

    @field_validator("tag")
    @classmethod
    def _stays(cls, value: str) -> str:
        if value == "latest":
            raise ValueError("latest means another image tomorrow; name a version")
        return value

    def reference(self, mirror: str | None = None) -> str:
        """What a pod names it by.

        Args:
            mirror: A registry that has the same repositories, in place of the image's own host.
        """
        _, _, path = self.repository.partition("/")
        repository = self.repository if mirror is None else f"{mirror.rstrip('/')}/{path}"
        return f"{repository}:{self.tag}" + (f"@{self.digest}" if self.digest else "")


@cache
def images() -> dict[ImageName, Image]:
    """All images of `images.json`, by name."""
    text = resources.files("floe_cube_infra").joinpath("images.json").read_text(encoding="utf-8")
    return {name: Image.model_validate(image) for name, image in json.loads(text).items()}


def reference_of(name: ImageName, settings: ImageSettings) -> ImageReference:
    """An image as the stack has it: its own choice, else that of `images.json`, or its mirror; pinned if it is."""
    own: str | None = getattr(settings, name)
    text = own if own is not None else images()[name].reference(settings.mirror)
    reference = parse_reference(text)
    if reference is None:
        raise ValueError(f"{text} is no image's reference")
    return reference if reference.digest else replace(reference, digest=settings.digests.get(reference.tagged))


def image(name: ImageName, settings: ImageSettings) -> str:
    """What a pod names an image by."""
    return str(reference_of(name, settings))


def image_version(name: ImageName, settings: ImageSettings) -> str | None:
    """The version that an image's tag tells, without a `v`; None if it has no tag."""
    tag = reference_of(name, settings).tag
    return tag and tag.removeprefix("v")
