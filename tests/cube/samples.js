'use strict';

// Sample settings, tokens, contexts and rules for the tests in this folder.

const crypto = require('node:crypto');
const { AccessClosure } = require('../../floe_cube_infra/cube/access_closure');
const { securityContext } = require('../../floe_cube_infra/cube/security_context');

const SECRET = 'a-secret-of-more-than-sixty-four-bytes-that-serves-for-HS512-too-0123456789';
const NOW = 1_800_000_000_000;
const clock = () => NOW;
const inSeconds = (seconds) => NOW / 1000 + seconds;

const merged = (base, changes) => {
  const result = structuredClone(base);
  for (const [key, value] of Object.entries(changes)) {
    const isNested = typeof value === 'object' && value !== null && !Array.isArray(value);
    result[key] = isNested ? merged(result[key] ?? {}, value) : value;
  }
  return result;
};

const SETTINGS = {
  version: 1,
  devMode: false,
  rowLevelSecurity: { enabled: true, claims: ['organization_id'], claimTypes: { organization_id: 'text' }, exemptRoles: {} },
  jwt: { algorithms: ['HS256'], audience: null, issuer: null, jwksUri: null, clockToleranceSeconds: 0, maxBytes: 16384, claimsKey: 'u', rolesKey: 'roles' },
  sqlApi: 'shared',
  preAggregationsSchema: 'pre_aggregations',
  refreshTimeZones: ['UTC'],
  corsOrigins: [],
  apiScopes: ['graphql', 'meta', 'data', 'sql'],
  observation: null,
  rowLimit: 10000,
  limits: { queryBytes: 65536, members: 200, filters: 500, queries: 10 },
};
const settingsWith = (changes = {}) => merged(SETTINGS, changes);

const CLAIMS = { sub: 'ada', exp: inSeconds(60), u: { organization_id: 'acme' } };
const claimsWith = (changes = {}) => merged(CLAIMS, changes);
const demanding = (...claims) => ({ enabled: true, claims, claimTypes: {}, exemptRoles: {} });
const contextOf = (changes = {}, rowLevelSecurity = demanding('organization_id')) => securityContext(claimsWith(changes), rowLevelSecurity);

const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const SIGNERS = {
  HS: (hash, key, text) => crypto.createHmac(hash, key).update(text).digest('base64url'),
  RS: (hash, key, text) => crypto.sign(hash, Buffer.from(text), key).toString('base64url'),
  ES: (hash, key, text) => crypto.sign(hash, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
};

// Signs whatever it is given, sound or not; texts are taken as they are.
function tokenOf(claims, { key = SECRET, header = { alg: 'HS256', typ: 'JWT' }, algorithm = header.alg } = {}) {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${SIGNERS[algorithm.slice(0, 2)](`sha${algorithm.slice(2)}`, key, text)}`;
}

const filterBy = (member, claim = 'organization_id', more = {}) => ({ member, claim, type: 'text', exempts: false, ...more });
const byOrganization = { kind: 'filter', filters: [filterBy('organization_id')] };

// rules({orders: {joins: ['customers']}}): cubes filtered by organization unless told otherwise.
function rulesOf(cubes) {
  return new Map(Object.entries(cubes).map(([name, { kind = 'cube', access = byOrganization, hidden = [], clear = {}, joins = [], members = {} }]) => [
    name,
    { name, kind, access, hidden: new Set(hidden), clear: new Map(Object.entries(clear)), joins, members: new Map(Object.entries(members)) },
  ]));
}
const closureOf = (cubes) => new AccessClosure(rulesOf(cubes));

module.exports = { SECRET, NOW, clock, inSeconds, settingsWith, claimsWith, demanding, contextOf, tokenOf, part, filterBy, byOrganization, rulesOf, closureOf };
