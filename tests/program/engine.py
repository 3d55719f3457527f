"""A stack of the whole program on the real Pulumi engine, in a project folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tools.policy_pack import PolicyPack

CLONE = Path(__file__).resolve().parents[2]
_NO_CHANGES = {"same", "read", "discard"}


@dataclass(frozen=True, kw_only=True)
class Update:
    """What `pulumi up` did.

    Attributes:
        operations: How many resources were created, updated, replaced, deleted or left the same ("same").
        output: What the user saw.
    """

    operations: Counter[str]
    output: str

    @property
    def changes(self) -> dict[str, int]:
        """The operations that Pulumi itself counts as changes: what was left or only read is none."""
        return {operation: count for operation, count in self.operations.items() if operation not in _NO_CHANGES}


class Project:
    """A copy of the program, with the sample shop and a file backend.

    Args:
        folder: An empty one, for the copy.
        variables: What `tools.environment` gives; the interpreter's environment runs the program.
        stack: The stack.
        source: The clone whose program it is, such as a work tree of an earlier one.
    """

    def __init__(self, folder: Path, variables: dict[str, str], stack: str = "local", source: Path = CLONE) -> None:
        self.folder = folder
        self.stack = stack
        self.policies: tuple[str, ...] = ()
        # A cluster of whoever runs the tests is none of their business.
        self.variables = {"KUBECONFIG": str(folder / "no-kubeconfig")} | variables
        for name in ("Pulumi.yaml", "__main__.py", "pyproject.toml", "uv.lock"):
            shutil.copy(source / name, folder / name)
        shutil.copytree(source / "stacks", folder / "stacks")
        shutil.copytree(source / "examples" / "shop", folder / "examples" / "shop")
        (folder / ".venv").symlink_to(Path(variables["PULUMI_PYTHON_CMD"]).parents[1])
        self.pulumi("stack", "init", stack)

    @property
    def rendered(self) -> Path:
        """The folder that the manifests are rendered into."""
        return self.folder / ".floe" / "rendered" / self.stack

    def pulumi(self, *arguments: str, expect_failure: bool = False) -> str:
        """Runs the CLI in the project; gives what it printed, both streams together."""
        command = ["pulumi", *arguments, "--non-interactive"]
        environment = {name: value for name, value in os.environ.items() if name != "PULUMI_CONFIG_PASSPHRASE"}
        result = subprocess.run(
            command,
            cwd=self.folder,
            env=environment | self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
            check=False,
        )
        assert (result.returncode != 0) == expect_failure, f"{' '.join(command)}\n{result.stdout}"
        return result.stdout

    def hold_to(self, pack: PolicyPack) -> Project:
        """Lets every `up` from now on fail that violates a policy; gives the project itself."""
        self.variables = pack.on(self.variables)
        self.policies = pack.option
        return self

    def up(self) -> Update:
        """Provisions the stack."""
        output = self.pulumi("up", "--yes", "--skip-preview", "--stack", self.stack, "--color", "never", *self.policies)
        history = json.loads(self.pulumi("stack", "history", "--json", "--page-size", "1", "--stack", self.stack))
        return Update(operations=Counter(history[0]["resourceChanges"]), output=output)

    def preview(self, *arguments: str) -> dict[str, Any]:
        """What `up` would do, as Pulumi's JSON."""
        text = self.pulumi("preview", "--json", "--stack", self.stack, *arguments)
        preview: dict[str, Any] = json.loads(text[text.index("{") :])
        return preview

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs."""
        outputs: dict[str, Any] = json.loads(self.pulumi("stack", "output", "--json", "--stack", self.stack))
        return outputs

    def resources(self) -> list[dict[str, Any]]:
        """The resources in the engine's state."""
        export = json.loads(self.pulumi("stack", "export", "--stack", self.stack))
        resources: list[dict[str, Any]] = export["deployment"].get("resources", [])
        return resources

    def manifests(self) -> dict[str, dict[str, Any]]:
        """The rendered manifests by kind and name, read back."""
        documents = [yaml.safe_load(file.read_text()) for file in sorted(self.rendered.glob("*/*.yaml"))]
        return {f"{document['kind']}/{document['metadata']['name']}": document for document in documents}

    @contextmanager
    def restored(self, path: str) -> Iterator[None]:
        """Gives a file of the project its text back at the end."""
        text = (self.folder / path).read_text()
        try:
            yield
        finally:
            (self.folder / path).write_text(text)

    def edit_manifest(self, edit: Any) -> None:
        """Changes the shop's manifest, as dbt would after an edit of a model."""
        path = self.folder / "examples" / "shop" / "target" / "manifest.json"
        manifest = json.loads(path.read_text())
        edit(manifest)
        path.write_text(json.dumps(manifest))

    def edit_settings(self, edit: Any) -> None:
        """Changes the stack's settings; they are handed over without the project's prefix."""
        path = self.folder / "stacks" / f"Pulumi.{self.stack}.yaml"
        document = yaml.safe_load(path.read_text())
        prefix = "floe-cube-infra:"
        settings = {key.removeprefix(prefix): value for key, value in document["config"].items()}
        edit(settings)
        config = {f"{prefix}{key}": value for key, value in settings.items()}
        path.write_text(yaml.safe_dump({**document, "config": config}))

    def edit_artifacts(self, edit: Any) -> None:
        """Changes the shop's artifacts, as the compiler would."""
        path = self.folder / "examples" / "shop" / "compiled_artifacts.json"
        artifacts = json.loads(path.read_text())
        edit(artifacts)
        path.write_text(json.dumps(artifacts))
