"""Cube Store: one router, which knows what there is, and workers, which hold and query it."""
