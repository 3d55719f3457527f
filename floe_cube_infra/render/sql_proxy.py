"""Traefik's configuration: TLS ends here, and what is inside goes on to Cube's SQL port of the same pod.

Postgres clients ask for TLS with a message of the Postgres protocol first (SSLRequest), which Traefik knows:
https://doc.traefik.io/traefik/routing/routers/#postgres-starttls
"""

from __future__ import annotations

import json


def render_sql_proxy(*, sql_port: int, certificate_file: str, key_file: str) -> str:
    """The file of routes, YAML (in the part of it that is JSON); ends with a line break.

    Args:
        sql_port: Cube's SQL port.
        certificate_file: Where the certificate lies, PEM.
        key_file: Where its key lies, PEM.
    """
    document = {
        "tcp": {
            "routers": {"sql": {"entryPoints": ["sql"], "rule": "HostSNI(`*`)", "service": "cube", "tls": {}}},
            "services": {"cube": {"loadBalancer": {"servers": [{"address": f"127.0.0.1:{sql_port}"}]}}},
        },
        "tls": {
            # Clients of PostgreSQL 17 and newer name this protocol, and refuse a server that knows others only.
            "options": {"default": {"minVersion": "VersionTLS12", "alpnProtocols": ["postgresql"]}},
            "stores": {"default": {"defaultCertificate": {"certFile": certificate_file, "keyFile": key_file}}},
        },
    }
    return json.dumps(document, indent=2, sort_keys=True) + "\n"
