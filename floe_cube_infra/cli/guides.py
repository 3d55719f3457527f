"""What each command's help has besides its options, and the step that comes after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Guide:
    """How a command is come by, and where it leads.

    Attributes:
        summary: What it does, for the list of commands: short enough to stand there whole.
        examples: Command lines, without the program.
        then: What comes next.
        otherwise: What comes next where it found something and so ends with exit code 1.
    """

    summary: str
    examples: tuple[str, ...]
    then: str
    otherwise: str | None = None

    @property
    def epilog(self) -> str:
        """The examples, as they stand below the options."""
        # The first line keeps what follows from being wrapped.
        return "\n".join(["\b", "Examples:", *(f"  floe-cube {example}" for example in self.examples)])


_PROD: Final = "--stack-file stacks/Pulumi.prod.yaml"

GUIDES: Final[Mapping[str, Guide]] = {
    "generate": Guide(
        summary="Write cube.js, settings.json and the model, as shipped.",
        examples=(
            "generate --artifacts compiled_artifacts.json --out build/",
            f"generate {_PROD} --out build/ --strict",
        ),
        then="`floe-cube dev` starts Cube with it on this machine; `pulumi preview` says what a stack would change.",
    ),
    "check": Guide(
        summary="Say what is wrong or doubtful; write nothing.",
        examples=(
            "check --artifacts compiled_artifacts.json",
            f"check {_PROD} --strict --format json",
        ),
        then="`floe-cube generate --out build/` writes the files, `floe-cube graph --out model.svg` draws the model.",
        otherwise="mend the errors where they are said to be, let dbt write its manifest again, and check once more.",
    ),
    "diff": Guide(
        summary="Say what a change means to those who query.",
        examples=(
            "diff main:stacks/Pulumi.prod.yaml stacks/Pulumi.prod.yaml",
            "diff before/ after/ --fail-on security",
        ),
        then="`floe-cube report` tells it in a pull request; --fail-on lets CI stop at it.",
        otherwise="let those approve it whose rows and queries these are, or take the change back.",
    ),
    "report": Guide(
        summary="Write the comment of a pull request, as Markdown.",
        examples=(
            "report main:stacks/Pulumi.prod.yaml stacks/Pulumi.prod.yaml",
            "report --diff prod=diff.json --preview prod=preview.json",
        ),
        then="post it as a comment; its first line, which isn't drawn, says which comment to renew.",
    ),
    "landing": Guide(
        summary="Check that a stack has landed and answers.",
        examples=(
            "landing --outputs outputs.json",
            "landing --url http://127.0.0.1:4000 --model build/ --ask orders.count",
        ),
        then="`floe-cube drift` says later whether somebody has changed the stack by hand.",
        otherwise="look at what isn't ready with `kubectl describe` and `kubectl logs`; `pulumi up` of the former "
        "commit goes back.",
    ),
    "drift": Guide(
        summary="Say what was changed or removed behind a stack's back.",
        examples=("drift --stack prod", "drift refresh.json --format markdown"),
        then="let it run once a day, so that nobody has to think of it.",
        otherwise="`pulumi up --refresh` puts it right; what is meant to stay belongs into the stack's settings.",
    ),
    "schemas": Guide(
        summary="Write the JSON Schemas of settings, outputs and the model.",
        examples=("schemas --out schemas/",),
        then="validate with them what others write or read; each `$id` ends with the contract's version.",
    ),
    "settings": Guide(
        summary="Print every setting with its default and meaning.",
        examples=("settings", f"settings {_PROD}"),
        then="put what differs into the stack's file; `floe-cube check --stack-file` reads it.",
    ),
    "outputs": Guide(
        summary="Print every output of a stack and how to read it.",
        examples=("outputs",),
        then="`pulumi stack output --stack prod` shows a stack's own.",
    ),
    "commands": Guide(
        summary="Print every command with its options.",
        examples=("commands",),
        then="`floe-cube COMMAND --help` has examples of each.",
    ),
    "watch": Guide(
        summary="Generate now, and again whenever an input changes.",
        examples=(
            "watch --artifacts compiled_artifacts.json --out build/",
            "watch --stack-file stacks/Pulumi.dev.yaml --out build/ --up --stack dev",
        ),
        then="`pulumi up` ships what was generated last.",
    ),
    "token": Guide(
        summary="Print a token for development, or explain a given one.",
        examples=(
            "token --claim organization_id=1 --ttl 1h",
            "token --explain - --rules build/settings.json",
        ),
        then="send a token as `Authorization: Bearer TOKEN`; with SQL it is the password, and the user is its name.",
        otherwise="it would be refused, for the reasons above: ask for one that has what is missing.",
    ),
    "dev": Guide(
        summary="Start Cube on this machine and keep its model up to date.",
        examples=(
            "dev --artifacts compiled_artifacts.json",
            "dev --artifacts compiled_artifacts.json --claim organization_id=1 --port 0",
        ),
        then="`floe-cube check --strict`, then `pulumi preview` for the stack that is to have it.",
    ),
    "explain": Guide(
        summary="Say which rollup answers a query, or why none does.",
        examples=("explain query.json --artifacts compiled_artifacts.json", f"explain - {_PROD}"),
        then="`floe-cube rollups` lists all; another one is declared in dbt, under meta.cube.pre_aggregations.",
    ),
    "rollups": Guide(
        summary="List the rollups: schedule, size, and what they serve.",
        examples=("rollups --artifacts compiled_artifacts.json", f"rollups {_PROD} --format json"),
        then="`floe-cube explain QUERY.json` says for one query which of them answers it.",
    ),
    "graph": Guide(
        summary="Draw the model: cubes, joins, row filters and views.",
        examples=(
            "graph --artifacts compiled_artifacts.json --out model.svg",
            "graph --artifacts compiled_artifacts.json --focus orders --format mermaid",
        ),
        then="open the picture in a browser; --focus draws what is around one cube.",
    ),
    "images": Guide(
        summary="List the images that a stack runs, pinned or not.",
        examples=("images", f"images {_PROD}"),
        then="`floe-cube images pin --stack-file STACK_FILE` writes what the tags mean now into a stack's file.",
    ),
    "images pin": Guide(
        summary="Write the digests that tags have now into a stack's file.",
        examples=(f"images pin {_PROD}", f"images pin {_PROD} --renew"),
        then="look at the stack's file, commit it, and let `pulumi preview` say what changes.",
    ),
}
"""By the command's name."""
