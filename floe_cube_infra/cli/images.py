"""`floe-cube images`: the images that everything runs from, and what their tags mean."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from pydantic.alias_generators import to_camel

from floe_cube_infra.cli.options import Format, OutputFormat, StackFile
from floe_cube_infra.cli.progress import progress
from floe_cube_infra.cli.report import print_json, print_line
from floe_cube_infra.inputs.image_references import ImageReference
from floe_cube_infra.inputs.images import images as all_images
from floe_cube_infra.inputs.images import reference_of
from floe_cube_infra.inputs.settings import PROJECT, from_stack_file
from floe_cube_infra.inputs.settings.images import ImageName, ImageSettings
from floe_cube_infra.project_inputs import read_artifacts
from floe_cube_infra.running_images import running_images

Renew = Annotated[bool, typer.Option("--renew", help="Ask for images that are pinned already, too.")]
PinnedStackFile = Annotated[
    Path, typer.Option("--stack-file", "-s", help="Settings of a stack, such as stacks/Pulumi.prod.yaml.")
]


def images(
    context: typer.Context,
    stack_file: StackFile = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """List the images that a stack runs with their digests; without a stack file, all that there are."""
    if context.invoked_subcommand is not None:
        if stack_file is not None:
            raise typer.BadParameter("give --stack-file after `pin`")
        return
    if stack_file is None:
        found = {name: reference_of(name, ImageSettings()) for name in all_images()}
    else:
        settings = from_stack_file(stack_file)
        found = running_images(read_artifacts(settings, Path.cwd())[1], settings)
    _print(found, output_format)


def pin(stack_file: PinnedStackFile, renew: Renew = False, output_format: OutputFormat = Format.TEXT) -> None:
    """Write the digests that tags have now into a stack's file.

    They are asked of the registries, with the credentials of `docker login`, and become the setting images.pinned. What
    is pinned already stays as it is, unless --renew asks anew. If one image can't be looked up, nothing is written.
    """
    # Imported here: other commands start sooner without an HTTP client.
    from floe_cube_infra.inputs.image_registry import digests_of  # noqa: PLC0415
    from floe_cube_infra.sync.stack_file import set_in_stack_file  # noqa: PLC0415

    settings = from_stack_file(stack_file)
    artifacts = read_artifacts(settings, Path.cwd())[1]
    pinned = settings.images.digests
    without_pins = settings.model_copy(update={"images": settings.images.model_copy(update={"pinned": ()})})
    needed = {image.tagged: image for image in running_images(artifacts, without_pins).values() if not image.digest}
    asked = [image for tagged, image in needed.items() if renew or tagged not in pinned]
    with progress("asking the registries what the tags mean"):
        digests = {**pinned, **digests_of(asked)}
    references = sorted(f"{tagged}@{digests[tagged]}" for tagged in needed)
    changed = set_in_stack_file(stack_file, f"{PROJECT}:images", "pinned", references)
    settings = from_stack_file(stack_file)
    _print(running_images(artifacts, settings), output_format, changed=changed)
    if output_format is Format.TEXT:
        print_line(f"{stack_file} {'has them now' if changed else 'had them already'} (images.pinned).")
        if settings.images.unpinned == "allowed":
            print_line("images.unpinned is allowed there; without it, an image that isn't pinned is refused in prod.")


def _print(found: Mapping[ImageName, ImageReference], output_format: Format, **more: object) -> None:
    if output_format is Format.JSON:
        rows = [
            {"name": to_camel(name), "repository": image.repository, "tag": image.tag, "digest": image.digest}
            for name, image in found.items()
        ]
        print_json({"ok": True, "images": rows, **more})
        return
    widths = [max(len(to_camel(name)) for name in found), max(len(image.tagged) for image in found.values())]
    for name, image in found.items():
        print_line(f"{to_camel(name):{widths[0]}}  {image.tagged:{widths[1]}}  {image.digest or 'not pinned'}")
