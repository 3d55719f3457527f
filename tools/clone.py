"""Where things lie in this clone of the project."""

import os
from dataclasses import dataclass
from pathlib import Path

STACK = "local"


@dataclass(frozen=True, kw_only=True)
class Clone:
    """A clone of the project and the folder in which its local stack keeps what git ignores.

    Attributes:
        root: The project's folder, with Pulumi.yaml and uv.lock.
        folder: What belongs to the local stack: engine state, passphrase, rendered manifests.
    """

    root: Path
    folder: Path

    @classmethod
    def here(cls, folder: Path | None = None) -> "Clone":
        """The clone that this file belongs to; `folder` (default `.floe`) moves the stack's own files."""
        root = Path(__file__).resolve().parents[1]
        return cls(root=root, folder=folder or root / ".floe")

    @property
    def venv(self) -> Path:
        """The Python environment; uv's own variable moves it."""
        return self.root / os.environ.get("UV_PROJECT_ENVIRONMENT", ".venv")

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.venv / "bin" / "python"

    @property
    def lock_file(self) -> Path:
        """uv.lock, which pins every version this project uses."""
        return self.root / "uv.lock"

    @property
    def state(self) -> Path:
        """The folder of Pulumi's file backend."""
        return self.folder / "state"

    @property
    def passphrase(self) -> Path:
        """The generated passphrase that encrypts secrets in the state."""
        return self.folder / "passphrase"

    @property
    def pulumi_home(self) -> Path:
        """PULUMI_HOME with the offline provider; per clone, since the provider is this clone's code."""
        return self.folder / "pulumi-home"

    @property
    def committed_config(self) -> Path:
        """The local stack's settings as they are in git."""
        return self.root / "stacks" / f"Pulumi.{STACK}.yaml"

    @property
    def working_config(self) -> Path:
        """The settings that the engine gets: the committed ones and this clone's encryption salt."""
        return self.folder / f"Pulumi.{STACK}.yaml"
