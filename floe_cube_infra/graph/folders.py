"""Where in the dbt project a node is declared."""

from __future__ import annotations

from pathlib import PurePosixPath


def folder(dbt_node: str, dbt_file: str | None, *, with_package: bool) -> str:
    """`models/marts`, or `shop: models/marts` where there are several packages.

    Args:
        dbt_node: The node's `unique_id`.
        dbt_file: Its file.
        with_package: Whether to name the package.
    """
    name = package(dbt_node)
    # dbt on Windows writes its own separators.
    path = PurePosixPath((dbt_file or "").replace("\\", "/")).parent.as_posix()
    if path in (".", ""):
        return name
    return f"{name}: {path}" if with_package else path


def package(dbt_node: str) -> str:
    """The package of a node's `unique_id`."""
    parts = dbt_node.split(".")
    return parts[1] if len(parts) > 1 else dbt_node
