"""`floe-cube outputs`: every output of the stack and how other stacks read them, as one page."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Final

import typer
from pydantic import BaseModel

from floe_cube_infra.cli.reference_pages import allowed_values, attribute_texts, class_of, is_section, markdown_table
from floe_cube_infra.model.stack_outputs import VERSION, StackOutputs

_HEAD: Final = f"""\
# The stack's outputs

Written by `floe-cube outputs`. Version {VERSION} of a contract that other stacks may rely on: one more output that
may be absent can come at any time, and the output `version` rises when one goes or means something else. Its JSON
Schema is [schemas/stack-outputs.schema.json](schemas/stack-outputs.schema.json). Nothing in it is secret: Secrets are
named, their values stay in the cluster.

## From another stack

In Python, as a typed object:

```python
from floe_cube_infra.outputs import read_outputs

cube = read_outputs("organization/floe-cube-infra/prod")
url = cube.apply(lambda outputs: outputs.rest_endpoint)
```

A stack that isn't a consumption layer, that is switched off, or whose outputs have another version is refused with a
sentence; `read_outputs_if_enabled` gives None for one that is switched off. A `pulumi.StackReference` does in place of
the name. A whole program is in `examples/consumer`: it hands the endpoints to a dashboard, and
lets the dashboard's namespace through to the API.

In other languages read the outputs by name from a `StackReference`, and look at `version` first. In a shell:

<!-- not run: needs a stack -->
```sh
pulumi stack output restEndpoint --stack prod
```
"""


def outputs() -> None:
    """Print every output of the stack and how other stacks read them, as Markdown."""
    typer.echo(reference(), nl=False)


def reference() -> str:
    """The page, Markdown; ends with a line break."""
    return "\n".join([_HEAD, *_sections(StackOutputs, "All outputs", "")])


def _sections(model: type[BaseModel], title: str, prefix: str) -> Iterator[str]:
    texts = attribute_texts(model)
    lead = (inspect.getdoc(model) or "").partition("\n\nAttributes:")[0].replace("\n", " ")
    yield f"## {title}\n\n{lead}\n"
    rows = [
        (
            f"`{prefix}{field.alias or name}`",
            "always" if field.is_required() else "",
            allowed_values(model, field.alias or name),
            texts[name],
        )
        for name, field in model.model_fields.items()
    ]
    yield markdown_table(("Output", "There", "Values", "Meaning"), rows)
    for field in model.model_fields.values():
        if is_section(field):
            yield from _sections(class_of(field), f"`{field.alias}`", f"{field.alias}.")
