"""Objects that Kubernetes would refuse, found before anything is written.

The rules are those that the API server applies (`pkg/apis/*/validation` of kubernetes/kubernetes), for the
kinds that people write by hand; whatever isn't known here passes.
"""
