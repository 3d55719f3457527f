"""The offline provider of the package `kubernetes`: renders objects as YAML files, or applies them to a cluster."""
