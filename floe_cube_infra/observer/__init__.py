"""The service beside Cube: records of queries become OpenTelemetry spans and metrics, and OpenLineage events."""
