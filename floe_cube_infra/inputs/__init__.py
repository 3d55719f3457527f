"""What is read: artifacts, dbt manifest and catalog, settings. Reads, never decides."""
