"""Copies of the product's files with one or more of the layers of row-level security switched off.

The switches are in these copies only: a cube.js around the real one, and YAML with open policies.
"""

from __future__ import annotations

import json
import re
from typing import Final

import yaml

from floe_cube_infra.render.files import CubeFiles

ALL_LAYERS: Final = frozenset({"claims", "policies", "rewrite"})
"""Refusal of tokens without their claims; Cube's own access policies; the filters that queryRewrite adds."""

_REAL: Final = "real_cube.js"

# A key of a cube, and all that is further in.
_ROLLUPS: Final = re.compile(r"^    pre_aggregations:\n(?:(?: {5,}.*)?\n)*", re.MULTILINE)

# A cube's own name in its YAML and in its access rules: the first of all names.
_NAME: Final = re.compile(r"^( *(?:- name: |\"name\": \"))orders\b", re.MULTILINE)

# A token's claims are taken as far as it has them; the context is sealed as ever.
_WITHOUT_CLAIMS: Final = """
const { tokenVerifier } = require('./tokens');
const { sharedSecrets } = require('./environment');
const { securityContext } = require('./security_context');
const settings = JSON.parse(require('fs').readFileSync(`${__dirname}/settings.json`, 'utf8'));
const verify = tokenVerifier(settings.jwt, sharedSecrets(settings.jwt.algorithms, process.env));
const contextOf = async (token) => {
  const claims = await verify(token);
  const given = settings.rowLevelSecurity.claims.filter((claim) => Object.hasOwn(claims.u, claim));
  return securityContext(claims, { ...settings.rowLevelSecurity, claims: given });
};
changes.checkAuth = async (request, token) => {
  request.securityContext = await contextOf(token.replace('Bearer ', ''));
};
"""
_WITHOUT_REWRITE: Final = "changes.queryRewrite = async (query) => query;\n"


def with_layers(files: CubeFiles, layers: frozenset[str]) -> CubeFiles:
    """The files with only these layers of `ALL_LAYERS` in force."""
    code = "const changes = {};\n"
    if "claims" not in layers:
        code += _WITHOUT_CLAIMS
    if "rewrite" not in layers:
        code += _WITHOUT_REWRITE
    code += f"module.exports = {{ ...require('./{_REAL}'), ...changes }};\n"
    configuration = {**files.configuration, _REAL: files.configuration["cube.js"], "cube.js": code}
    return CubeFiles(
        configuration=configuration, model=(files if "policies" in layers else without_policies(files)).model
    )


def without_rollups(files: CubeFiles) -> CubeFiles:
    """The files but for pre-aggregations: these lie in Cube Store, which isn't here."""
    model = {path: _ROLLUPS.sub("", text) for path, text in files.model.items()}
    return CubeFiles(configuration=files.configuration, model=model)


def with_rollups_in_the_database(files: CubeFiles) -> CubeFiles:
    """The files with pre-aggregations that lie in the database itself."""
    model = {path: text.replace("external: true", "external: false") for path, text in files.model.items()}
    return CubeFiles(configuration=files.configuration, model=model)


def with_more_cubes(files: CubeFiles, more: int) -> CubeFiles:
    """The files with so many cubes more, each like `orders`."""
    model = dict(files.model)
    for suffix in (".yml", ".access.json"):
        text = files.model[f"model/cubes/orders{suffix}"]
        for number in range(more):
            model[f"model/cubes/orders_{number}{suffix}"] = _NAME.sub(rf"\1orders_{number}", text, count=1)
    return CubeFiles(configuration=files.configuration, model=model)


def without_policies(files: CubeFiles) -> CubeFiles:
    """The files without Cube's own access policies."""
    opened = {}
    for path, text in files.model.items():
        opened[path] = text
        if path.endswith(".yml"):
            document = yaml.safe_load(text)
            for thing in [*document.get("cubes", []), *document.get("views", [])]:
                thing.pop("access_policy", None)
            # JSON is YAML; on one line its braces would look like a template's.
            opened[path] = json.dumps(document, indent=1)
    return CubeFiles(configuration=files.configuration, model=opened)
