"""A cluster as the place for objects: applied by server-side apply, waited for, read back and deleted."""
