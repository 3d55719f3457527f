"""The semantic model as frozen types, without I/O."""
