'use strict';

/**
 * settings.json, generated beside cube.js. Every key is required and no other is allowed:
 *
 *   version                     1; of this layout
 *   devMode                     whether Cube's developer mode may be on: its playground signs any token for anyone
 *   rowLevelSecurity.enabled    whether rows are filtered
 *   rowLevelSecurity.claims     the claims under `u` that every token must carry, names of [A-Za-z_][A-Za-z0-9_]*
 *   rowLevelSecurity.claimTypes  what the values of a claim must be, by claim: "number", "text" or "boolean"
 *   rowLevelSecurity.exemptRoles  by claim, the roles that need it not and that it doesn't filter
 *   jwt.algorithms              either some of HS256, HS384, HS512 (secrets from CUBEJS_API_SECRETS, else
 *                               CUBEJS_API_SECRET), or some of RS256..RS512, ES256..ES512 (keys from jwksUri)
 *   jwt.audience, jwt.issuer    what `aud` and `iss` must be; null: no `aud` allowed, any `iss`
 *   jwt.jwksUri                 https (http for loopback only); null with HS algorithms
 *   jwt.clockToleranceSeconds   0 to 300, for `exp` and `nbf`
 *   jwt.maxBytes                the longest token, 512 to 65536
 *   jwt.claimsKey, jwt.rolesKey  what tokens call `u`, and `roles` in it; no names that every object has
 *   sqlApi                      "off", "shared" (one service for all organizations), or "perOrganization": a service for each,
 *                               whose pods have FLOE_ORGANIZATION in their environment
 *   preAggregationsSchema       the schema of pre-aggregation tables
 *   refreshTimeZones            IANA names, one or more
 *   corsOrigins                 origins such as https://app.example.com; none: no cross-origin requests
 *   apiScopes                   which of Cube's APIs answer: some of "graphql", "meta", "data", "sql"
 *   rowLimit                    the most rows of one answer, 1 to 50000
 *   observation                 null, or {port, sql}: the port on loopback that records of queries are sent to, 1024 to
 *                               65535, and whether they hold the SQL, without its literals
 *   limits.queryBytes           the longest query, 1024 to 1048576
 *   limits.members              the most members that a query names, 1 to 1000
 *   limits.filters              the most filters of a query, 1 to 10000
 *   limits.queries              the most queries of one request, 1 to 100
 */

const fs = require('node:fs');
const path = require('node:path');
const { StartError } = require('./errors');

const SHARED_SECRET_ALGORITHMS = ['HS256', 'HS384', 'HS512'];
const PUBLIC_KEY_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];
// RFC 7519, 4.1: these say something else.
const REGISTERED = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'];
const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];
// api-gateway, types/enums: all but `jobs`.
const API_SCOPES = ['graphql', 'meta', 'data', 'sql'];
// Cube's own default for CUBEJS_DB_QUERY_LIMIT.
const MOST_ROWS = 50_000;

const isText = (value) => typeof value === 'string' && value.trim() !== '';
const isTextOrNull = (value) => value === null || isText(value);
const isListOf = (check) => (value) => Array.isArray(value) && value.every(check);
const isIntegerWithin = (low, high) => (value) => Number.isSafeInteger(value) && value >= low && value <= high;
// An object's prototype is no claim.
const isClaim = (value) => isIdentifier(value) && value !== '__proto__' && value !== 'roles';
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isMapOf = (check) => (value) => isObject(value) && Object.entries(value).every(([name, one]) => isClaim(name) && check(one));
const isKey = (value) => isText(value) && !(value in {});
const isClaimsKey = (value) => isKey(value) && !REGISTERED.includes(value);
const isIdentifier = (value) => typeof value === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(value);
const isBoolean = (value) => typeof value === 'boolean';

function isOrigin(value) {
  return typeof value === 'string' && /^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value;
}

function isObservation(value) {
  if (value === null) return true;
  return isObject(value) && Object.keys(value).sort().join() === 'port,sql' && isIntegerWithin(1024, 65_535)(value.port) && isBoolean(value.sql);
}

function isKeySetUri(value) {
  if (value === null) return true;
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  if (username || password) return false;
  // Whoever can change the answer can sign tokens.
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname));
}

function isTimeZone(value) {
  try {
    return isText(value) && Boolean(new Intl.DateTimeFormat('en', { timeZone: value }));
  } catch {
    return false;
  }
}

function isAlgorithmList(value) {
  if (!Array.isArray(value) || value.length === 0) return false;
  // Never both families: a public key must not be able to serve as a shared secret.
  return [SHARED_SECRET_ALGORITHMS, PUBLIC_KEY_ALGORITHMS].some((family) => value.every((name) => family.includes(name)));
}

const LAYOUT = {
  version: [(value) => value === 1, '1'],
  devMode: [isBoolean, 'true or false'],
  rowLevelSecurity: {
    enabled: [isBoolean, 'true or false'],
    claims: [isListOf(isClaim), 'a list of claim names ([A-Za-z_][A-Za-z0-9_]*), not roles'],
    claimTypes: [isMapOf((type) => ['number', 'text', 'boolean'].includes(type)), '"number", "text" or "boolean" by claim'],
    exemptRoles: [isMapOf((roles) => isListOf(isText)(roles) && roles.length > 0), 'a list of roles by claim'],
  },
  jwt: {
    algorithms: [isAlgorithmList, `some of ${SHARED_SECRET_ALGORITHMS}, or some of ${PUBLIC_KEY_ALGORITHMS}`],
    audience: [isTextOrNull, 'text or null'],
    issuer: [isTextOrNull, 'text or null'],
    jwksUri: [isKeySetUri, 'an https address (http for loopback only) without credentials, or null'],
    clockToleranceSeconds: [isIntegerWithin(0, 300), 'an integer from 0 to 300'],
    maxBytes: [isIntegerWithin(512, 65_536), 'an integer from 512 to 65536'],
    claimsKey: [isClaimsKey, 'the name of a claim, none of those of RFC 7519'],
    rolesKey: [isKey, 'the name of a claim'],
  },
  sqlApi: [(value) => ['off', 'shared', 'perOrganization'].includes(value), '"off", "shared" or "perOrganization"'],
  preAggregationsSchema: [isIdentifier, 'a schema name ([A-Za-z_][A-Za-z0-9_]*)'],
  refreshTimeZones: [(value) => isListOf(isTimeZone)(value) && value.length > 0, 'a list of IANA time zones'],
  corsOrigins: [isListOf(isOrigin), 'a list of origins such as https://app.example.com'],
  apiScopes: [isListOf((scope) => API_SCOPES.includes(scope)), `some of ${API_SCOPES}`],
  rowLimit: [isIntegerWithin(1, MOST_ROWS), `an integer from 1 to ${MOST_ROWS}`],
  observation: [isObservation, 'null, or {"port": 1024 to 65535, "sql": true or false}'],
  limits: {
    queryBytes: [isIntegerWithin(1024, 1_048_576), 'an integer from 1024 to 1048576'],
    members: [isIntegerWithin(1, 1000), 'an integer from 1 to 1000'],
    filters: [isIntegerWithin(1, 10_000), 'an integer from 1 to 10000'],
    queries: [isIntegerWithin(1, 100), 'an integer from 1 to 100'],
  },
};

function check(value, layout, place) {
  if (!isObject(value)) {
    throw new StartError(`${place || 'settings.json'} must be an object with the keys ${Object.keys(layout).join(', ')}.`);
  }
  const named = (key) => (place ? `${place}.${key}` : key);
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(layout, key)) {
      throw new StartError(`settings.json has the unknown key ${named(key)}; known are ${Object.keys(layout).join(', ')}.`);
    }
  }
  for (const [key, rule] of Object.entries(layout)) {
    if (!Object.hasOwn(value, key)) throw new StartError(`settings.json lacks the key ${named(key)}.`);
    if (!Array.isArray(rule)) {
      check(value[key], rule, named(key));
    } else if (!rule[0](value[key])) {
      throw new StartError(`settings.json: ${named(key)} is ${JSON.stringify(value[key])}; it must be ${rule[1]}.`);
    }
  }
}

function deepFreeze(value) {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}

/** The settings, checked and frozen. Throws a StartError with one sentence about the first mistake. */
function validateSettings(settings) {
  check(settings, LAYOUT, '');
  const { rowLevelSecurity, jwt } = settings;
  if (rowLevelSecurity.enabled && rowLevelSecurity.claims.length === 0) {
    throw new StartError('settings.json: rowLevelSecurity is enabled, so rowLevelSecurity.claims must name a claim.');
  }
  for (const name of [...Object.keys(rowLevelSecurity.claimTypes), ...Object.keys(rowLevelSecurity.exemptRoles)]) {
    if (!rowLevelSecurity.claims.includes(name)) {
      throw new StartError(`settings.json: rowLevelSecurity says something of ${name}, which is none of its claims.`);
    }
  }
  const usesSharedSecret = SHARED_SECRET_ALGORITHMS.includes(jwt.algorithms[0]);
  if (usesSharedSecret !== (jwt.jwksUri === null)) {
    throw new StartError(
      `settings.json: jwt.jwksUri must be ${usesSharedSecret ? 'null' : 'an address'} with the algorithms ${jwt.algorithms}.`,
    );
  }
  return deepFreeze(settings);
}

/** Reads settings.json of `folder`. */
function readSettings(folder) {
  const file = path.join(folder, 'settings.json');
  let text;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(`${file} can't be read (${error.code}); it is generated and belongs beside cube.js.`);
  }
  let settings;
  try {
    settings = JSON.parse(text);
  } catch {
    throw new StartError(`${file} is not JSON; generate it anew.`);
  }
  return validateSettings(settings);
}

module.exports = { readSettings, validateSettings, SHARED_SECRET_ALGORITHMS };
