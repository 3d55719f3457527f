"""Tokens that an identity provider signs, at the real server's doors, and tokens that only look like them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from floe_cube_infra.generation import Generated
from floe_cube_infra.render.files import CubeFiles
from tests.real.cube.clients import SECRET, USER, Cube, Serve
from tests.real.cube.clients import token as token_by_secret
from tests.real.cube.variants import without_rollups
from tests.security.table.signing import jwk_of, pem_of, rsa_key, token_of

pytestmark = [pytest.mark.xdist_group("real cube"), pytest.mark.real]

OURS, THEIRS = rsa_key("one"), rsa_key("other")
HEADER: dict[str, Any] = {"alg": "RS256", "kid": "one"}
EXP = int(time.time()) + 600
ISSUER = "https://id.example.com"
CLAIMS = {"sub": USER, "exp": EXP, "iss": ISSUER, "u": {"organization_id": 1}}
QUERY = {"measures": ["customers.count"]}

FORGED = {
    "signed with the public key as a secret": token_of({**HEADER, "alg": "HS256"}, CLAIMS, pem_of(OURS), "HS256"),
    "signed with another key": token_of(HEADER, CLAIMS, THEIRS, "RS256"),
    "of an unknown key id": token_of({**HEADER, "kid": "two"}, CLAIMS, OURS, "RS256"),
    "without a key id": token_of({"alg": "RS256"}, CLAIMS, OURS, "RS256"),
    "with a key of its own": token_of({**HEADER, "jwk": jwk_of(THEIRS)}, CLAIMS, THEIRS, "RS256"),
    "of an algorithm that the stack hasn't": token_of({**HEADER, "alg": "RS512"}, CLAIMS, OURS, "RS512"),
    "signed with the secret that Cube has": token_by_secret(1, iss=ISSUER),
    "with a claim twice": token_of(
        HEADER,
        f'{{"sub":"{USER}","exp":{EXP},"iss":"{ISSUER}","u":{{"organization_id":1,"organization_id":2}}}}',
        OURS,
        "RS256",
    ),
    "that has ended": token_of(HEADER, {**CLAIMS, "exp": EXP - 700}, OURS, "RS256"),
    "of another issuer": token_of(HEADER, {**CLAIMS, "iss": "https://elsewhere.example.com"}, OURS, "RS256"),
}


class _Keys(BaseHTTPRequestHandler):
    """Stands in for an identity provider's address of keys."""

    def do_GET(self) -> None:
        body = json.dumps({"keys": [jwk_of(OURS, kid="one")]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def provided(serve: Serve, generated: Generated) -> Iterator[Cube]:
    """Cube that takes an identity provider's tokens."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Keys) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        files = without_rollups(generated.files)
        settings = json.loads(files.configuration["settings.json"])
        settings["jwt"] |= {
            "algorithms": ["RS256"],
            "jwksUri": f"http://127.0.0.1:{server.server_port}/keys",
            "issuer": ISSUER,
        }
        configuration = {**files.configuration, "settings.json": json.dumps(settings)}
        with serve(CubeFiles(configuration=configuration, model=files.model), {"CUBEJS_API_SECRET": SECRET}) as cube:
            yield cube
        server.shutdown()


def test_a_token_of_the_identity_provider_is_answered_by_each_api(provided: Cube) -> None:
    bearer = token_of(HEADER, CLAIMS, OURS, "RS256")

    assert provided.load(QUERY, bearer).status == 200
    assert "errors" not in provided.graphql("{ cube { customers { count } } }", bearer).body
    assert provided.sql_callback(bearer, load=QUERY).status == 200


@pytest.mark.parametrize("what", FORGED)
def test_a_token_is_refused_by_each_api(provided: Cube, what: str) -> None:
    bearer = FORGED[what]

    assert provided.load(QUERY, bearer).status == 401
    assert provided.meta(bearer).status == 401
    assert provided.graphql("{ cube { customers { count } } }", bearer).status == 401
    assert provided.sql_callback(bearer, load=QUERY).status == 400
