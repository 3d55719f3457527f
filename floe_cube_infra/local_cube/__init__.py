"""Cube's real server on this machine, for `floe-cube dev` and for tests: Node, npm packages, database, process."""
