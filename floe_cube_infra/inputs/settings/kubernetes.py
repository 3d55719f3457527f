"""Where the Kubernetes objects go."""

from __future__ import annotations

from floe_cube_infra.inputs.settings.section import Section


class KubernetesSettings(Section):
    """Where the objects go.

    Attributes:
        render_directory: Write every object as a YAML file into this folder (relative to the project) instead
            of applying it to a cluster.
        context: The context in the kubeconfig; its current one by default.
    """

    render_directory: str | None = None
    context: str | None = None
