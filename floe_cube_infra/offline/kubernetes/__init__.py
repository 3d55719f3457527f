"""The offline provider of the package `kubernetes`: renders every object as a YAML file."""
