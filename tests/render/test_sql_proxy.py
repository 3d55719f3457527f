from __future__ import annotations

import yaml

from floe_cube_infra.render.sql_proxy import render_sql_proxy

DOCUMENT = yaml.safe_load(render_sql_proxy(sql_port=15432, certificate_file="/tls/tls.crt", key_file="/tls/tls.key"))


def test_everything_that_comes_over_tls_goes_to_cube_in_the_same_pod() -> None:
    router = DOCUMENT["tcp"]["routers"]["sql"]
    # A client that names no host, or one that isn't in the certificate, is for the client to refuse.
    assert router["rule"] == "HostSNI(`*`)"
    assert router["tls"] == {}
    (server,) = DOCUMENT["tcp"]["services"][router["service"]]["loadBalancer"]["servers"]
    assert server["address"] == "127.0.0.1:15432"


def test_there_is_no_route_in_clear() -> None:
    assert all("tls" in router for router in DOCUMENT["tcp"]["routers"].values())


def test_the_certificate_is_shown_to_everyone() -> None:
    certificate = DOCUMENT["tls"]["stores"]["default"]["defaultCertificate"]
    assert certificate == {"certFile": "/tls/tls.crt", "keyFile": "/tls/tls.key"}


def test_newer_clients_of_postgres_find_their_protocol() -> None:
    options = DOCUMENT["tls"]["options"]["default"]
    assert options == {"minVersion": "VersionTLS12", "alpnProtocols": ["postgresql"]}
