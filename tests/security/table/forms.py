"""Written by hand: how a token is spelt, and what its header and payload may say."""

from __future__ import annotations

import json

from tests.security.table.case import (
    HEADER,
    NOT_VALID,
    SECRET,
    Case,
    Table,
    claims,
    refused,
    rules,
    signed,
    taken,
)
from tests.security.table.signing import base64url, part, sample_secret, signature, token_of

INVALID = refused(401, NOT_VALID)
PAYLOAD = json.dumps(claims())
SMALL = 512


def table() -> Table:
    """The cases."""
    cases = [*_spellings(), *_headers(), *_payloads(), *_secrets()]
    two = [sample_secret("new"), SECRET]
    return Table(
        {
            "plain": rules(),
            "small": rules({"maxBytes": SMALL}),
            "large": rules({"maxBytes": 65536}),
            "rotation": rules(environment={"CUBEJS_API_SECRETS": f" {two[0]} ,,{two[1]},{two[0]}"}),
            "rotation first": rules(environment={"CUBEJS_API_SECRETS": two[0], "CUBEJS_API_SECRET": SECRET}),
            "empty rotation": rules(environment={"CUBEJS_API_SECRETS": " , ", "CUBEJS_API_SECRET": SECRET}),
            "blanks": rules(environment={"CUBEJS_API_SECRET": f" {SECRET} "}),
            "letters": rules(environment={"CUBEJS_API_SECRET": "ä" * 16}),
            "like a key": rules(environment={"CUBEJS_API_SECRET": '{"kty":"oct","k":"bm90LWEtc2VjcmV0LWtleQ"}'}),
            "all HS": rules({"algorithms": ["HS256", "HS384", "HS512"]}),
        },
        cases,
    )


def _spellings() -> list[Case]:
    token = signed(claims())
    head, body, ending = token.split(".")
    other = part(claims(u={"organization_id": "umbrella"}))
    wrong = {
        "empty": "",
        "garbage": "garbage",
        "a dot": ".",
        "dots only": "..",
        "no signature": f"{head}.{body}.",
        "no payload": f"{head}..{ending}",
        "no header": f".{body}.{ending}",
        "two parts": f"{head}.{body}",
        "four parts": f"{token}.{ending}",
        "five parts as of an encrypted token": f"{head}.{body}.{ending}.{body}.{ending}",
        "somebody else's payload": f"{head}.{other}.{ending}",
        "a cut signature": token[:-4],
        "a signature of one letter": f"{head}.{body}.{ending[0]}",
        "a longer signature": f"{token}AAAA",
        "a padded signature": f"{token}=",
        "a padded payload": f"{head}.{body}=.{ending}",
        "a signature written another way": _otherwise(token),
        "a payload written another way": _signed_otherwise(),
        "the other alphabet of base64": f"{head}.{body}.{'+' + ending[1:]}",
        "a line break behind": f"{token}\n",
        "a blank before": f" {token}",
        "a blank within": f"{head}. {body}.{ending}",
        "Bearer before": f"Bearer {token}",
        "quotes around": f'"{token}"',
        "a letter that isn't ASCII": f"{head}.{body}.ä{ending[1:]}",
        "digits that aren't ASCII": f"{head}.{body}.{chr(0x661)}{ending[1:]}",
        "a NUL": f"{token}\0",
        "undefined": "undefined",
        "JSON": PAYLOAD,
    }
    found = [Case(name=f"spelt: {name}", token=text, expected=INVALID) for name, text in wrong.items()]
    for size, expected in ((SMALL, taken()), (SMALL + 1, INVALID)):
        found.append(Case(name=f"{size} characters", rules="small", token=_token_of_size(size), expected=expected))
    return found


def _otherwise(text: str) -> str:
    """The same bytes by a lenient reader: the last letter's lowest bit stands for nothing."""
    assert len(text.rpartition(".")[2]) % 4 in (2, 3)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) ^ 1]


def _signed_otherwise() -> str:
    """A payload written another way, and signed so."""
    head, body, _ = signed(claims(pad="x")).split(".")
    written = f"{head}.{_otherwise(body)}"
    return f"{written}.{base64url(signature('HS256', SECRET, written.encode()))}"


def _token_of_size(size: int) -> str:
    for pad in range(size):
        # Blanks in the header give the sizes that base64 leaves out.
        for blanks in range(3):
            token = signed(claims(pad="x" * pad), header=json.dumps(HEADER) + " " * blanks)
            if len(token) == size:
                return token
    raise AssertionError(f"no token of {size} characters")


def _headers() -> list[Case]:
    sound: dict[str, object] = {
        "no typ": {"alg": "HS256"},
        "another typ": {"alg": "HS256", "typ": "at+jwt"},
        "a key id": {**HEADER, "kid": "one"},
        "a key id of null": {**HEADER, "kid": None},
        "an empty key id": {**HEADER, "kid": ""},
        "a key of its own": {**HEADER, "jwk": {"kty": "oct", "k": "AAAA"}, "jku": "https://attacker.example/keys"},
        "blanks": '\n{ "alg"\t:\r"HS256" }\n',
        "an escaped name": '{"\\u0061lg":"HS256"}',
        "an escaped algorithm": '{"alg":"\\u0048S256"}',
        "a byte order mark": '\ufeff{"alg":"HS256"}',
        "b64 without crit": {"alg": "HS256", "b64": True},
        "b64 of false": {"alg": "HS256", "b64": False},
    }
    wrong: dict[str, object] = {
        "no alg": {"typ": "JWT"},
        "a list of algorithms": {"alg": ["HS256"]},
        "alg of null": {"alg": None},
        "alg none": {"alg": "none"},
        "alg None": {"alg": "None"},
        "alg nOnE": {"alg": "nOnE"},
        "an empty alg": {"alg": ""},
        "a lower-case alg": {"alg": "hs256"},
        "a blank in alg": {"alg": "HS256 "},
        "another alg of the family": {"alg": "HS512"},
        "an alg that objects inherit": {"alg": "constructor"},
        "crit": {**HEADER, "crit": ["exp"]},
        "an empty crit": {**HEADER, "crit": []},
        "crit of null": {**HEADER, "crit": None},
        "a key id that is a number": {**HEADER, "kid": 7},
        "a key id that is a list": {**HEADER, "kid": ["one"]},
        "a key id that is false": {**HEADER, "kid": False},
        "alg twice": '{"alg":"HS256","alg":"HS256"}',
        "alg twice, once escaped": '{"alg":"HS256","\\u0061lg":"HS256"}',
        "a list": [HEADER],
        "a text": '"HS256"',
        "null": "null",
        "no JSON": "alg=HS256",
        "two byte order marks": '\ufeff\ufeff{"alg":"HS256"}',
        "no UTF-8": b'{"alg":"HS256","x":"\xff"}',
        "half a character in UTF-8": b'{"alg":"HS256","x":"\xed\xa0\x80"}',
        "an overlong character": b'{"alg":"HS256","x":"\xc0\xaf"}',
        "UTF-16": json.dumps(HEADER).encode("utf-16"),
    }
    return [
        Case(name=f"header with {name}", token=signed(claims(), header=header), expected=expected)
        for group, expected in ((sound, taken()), (wrong, INVALID))
        for name, header in group.items()
    ]


def _payloads() -> list[Case]:
    inner = PAYLOAD[1:-1]
    sound = {
        "blanks around": f" \t\r\n{PAYLOAD} \n",
        "a byte order mark": f"\ufeff{PAYLOAD}",
        "equal keys in different objects": f'{{{inner},"sub2":{{"sub":1}},"list":[{{"a":1}},{{"a":2}}]}}',
        "braces in a text": f'{{{inner},"x":"}}{{\\"sub\\":1,\\"sub\\":2"}}',
        "an escaped quote before a colon": f'{{{inner},"a\\"":1,"a":2}}',
        "an escaped backslash": f'{{{inner},"a\\\\":"\\\\"}}',
        "an empty key": f'{{{inner},"":1}}',
        "a key of half a character": f'{{{inner},"\\ud800":1}}',
        "__proto__": f'{{{inner},"__proto__":{{"sub":"eve"}}}}',
        "a number beyond doubles": f'{{{inner},"x":1e999,"y":-1e999}}',
        "every escape": f'{{{inner},"x":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00FF"}}',
        "every kind of number": f'{{{inner},"x":[0,-0,1.5,-1.5e10,1E+5,1e-5,0.1e1]}}',
        "line separators in a text": f'{{{inner},"x":"\u2028\u2029\x7f"}}',
        "an iat that is a text": f'{{{inner},"iat":"now","jti":7}}',
    }
    wrong = {
        "a claim twice": '{"sub":"ada","exp":1900000000,"u":{"organization_id":"acme","organization_id":"umbrella"}}',
        "a claim twice, once escaped": f'{{{inner},"\\u0073ub":"eve"}}',
        "a key twice where nobody looks": f'{{{inner},"x":[[{{"a":1,"a":1}}]]}}',
        "an empty key twice": f'{{{inner},"":1,"":2}}',
        "__proto__ twice": f'{{{inner},"__proto__":1,"__proto__":2}}',
        "u twice": f'{{{inner},"u":{{"organization_id":"acme"}}}}',
        "a list": f"[{PAYLOAD}]",
        "null": "null",
        "a text": '"ada"',
        "a number": "7",
        "blanks only": "  ",
        "half an object": PAYLOAD[:-1],
        "an object too many": f"{PAYLOAD}{{}}",
        "a brace too many": f"{PAYLOAD}}}",
        "a comma at the end": f"{{{inner},}}",
        "a comma at the beginning": f"{{,{inner}}}",
        "two commas": f'{{{inner},,"x":1}}',
        "a comma at the end of a list": f'{{{inner},"x":[1,]}}',
        "a list without commas": f'{{{inner},"x":[1 2]}}',
        "a key without a value": f'{{{inner},"x"}}',
        "a key without a colon": f'{{{inner},"x" 1}}',
        "a key that is a number": f"{{{inner},1:2}}",
        "a key without quotes": f"{{{inner},x:1}}",
        "single quotes": f"{{{inner},'x':1}}",
        "a comment": f"{{{inner}/* */}}",
        "NaN": f'{{{inner},"x":NaN}}',
        "Infinity": f'{{{inner},"x":Infinity}}',
        "-Infinity": f'{{{inner},"x":-Infinity}}',
        "undefined": f'{{{inner},"x":undefined}}',
        "True": f'{{{inner},"x":True}}',
        "a leading zero": f'{{{inner},"x":01}}',
        "a leading plus": f'{{{inner},"x":+1}}',
        "a hexadecimal number": f'{{{inner},"x":0x10}}',
        "a number without digits before the point": f'{{{inner},"x":.5}}',
        "a number without digits after the point": f'{{{inner},"x":1.}}',
        "an exponent without digits": f'{{{inner},"x":1e}}',
        "digits that aren't ASCII": f'{{{inner},"x":\u0661}}',
        "an unknown escape": f'{{{inner},"x":"\\x41"}}',
        "an escape of three digits": f'{{{inner},"x":"\\u041"}}',
        "an escape with a sign": f'{{{inner},"x":"\\u+041"}}',
        "a tab in a text": f'{{{inner},"x":"\t"}}',
        "a line break in a text": f'{{{inner},"x":"\n"}}',
        "a no-break space between": f'{{{inner},\u00a0"x":1}}',
        "a vertical tab between": f'{{{inner},\v"x":1}}',
        "a list closed by a brace": f'{{{inner},"x":[1}}}}',
        "an object closed by a bracket": f'{{{inner},"x":{{"a":1]}}',
    }
    found = [
        Case(name=f"payload with {name}", token=signed(payload), expected=expected)
        for group, expected in ((sound, taken()), (wrong, INVALID))
        for name, payload in group.items()
    ]
    deep = f'{{{inner},"x":{"[" * 8000}{"]" * 8000}}}'
    digits = f'{{{inner},"x":{"9" * 6000}}}'
    found.append(Case(name="payload nested 8,000 deep", rules="large", token=signed(deep), expected=taken()))
    found.append(
        Case(name="a payload with an integer of 6,000 digits", rules="large", token=signed(digits), expected=taken())
    )
    return found


def _secrets() -> list[Case]:
    new, other = sample_secret("new"), sample_secret("other")
    like_a_key = '{"kty":"oct","k":"bm90LWEtc2VjcmV0LWtleQ"}'
    signers: list[tuple[str, str, str, bool]] = [
        ("plain", "the secret", SECRET, True),
        ("plain", "another secret", other, False),
        ("plain", "no secret", "", False),
        ("plain", "the secret and a line break", f"{SECRET}\n", False),
        ("plain", "the secret in upper case", SECRET.upper(), False),
        ("rotation", "the first of two secrets", new, True),
        ("rotation", "the second of two secrets", SECRET, True),
        ("rotation", "another than two secrets", other, False),
        ("rotation", "both secrets together", f"{new},{SECRET}", False),
        ("rotation first", "the list", new, True),
        ("rotation first", "the single secret beside a list", SECRET, False),
        ("empty rotation", "the single secret beside an empty list", SECRET, True),
        ("blanks", "a secret with its blanks", f" {SECRET} ", True),
        ("blanks", "a secret without its blanks", SECRET, False),
        ("letters", "16 letters of two bytes", "ä" * 16, True),
        ("like a key", "a secret that looks like a key", like_a_key, True),
    ]
    found = [
        Case(
            name=f"signed with {name}",
            rules=rule,
            token=signed(claims(), key=key),
            expected=taken() if good else INVALID,
        )
        for rule, name, key, good in signers
    ]
    for alg in ("HS256", "HS384", "HS512"):
        token = token_of({"alg": alg}, claims(), SECRET, alg)
        found.append(Case(name=f"{alg} where each is allowed", rules="all HS", token=token, expected=taken()))
    mixed = token_of({"alg": "HS512"}, claims(), SECRET, "HS256")
    found.append(Case(name="HS256 that says HS512", rules="all HS", token=mixed, expected=INVALID))
    return found
