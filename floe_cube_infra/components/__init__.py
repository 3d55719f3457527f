"""From files to Pulumi resources: one component a file."""
