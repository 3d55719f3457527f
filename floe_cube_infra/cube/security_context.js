'use strict';

/**
 * Who asks: {filter_claims: {claim: [text, ...]}, user_id, roles, exp, seal}, made of verified claims only.
 *
 * The seal proves that this process made the context. The SQL API hands contexts through Rust as JSON, so that
 * neither identity nor a Symbol survives, and Cube has other sources of contexts (the playground's tokens, the refresh
 * worker, the job API's request body): none of them can make a seal, so none of them gets an answer.
 */

const crypto = require('node:crypto');
const { forbidden, unauthorized } = require('./errors');
const { exemptClaims } = require('./exemptions');

const LONGEST_USER_ID = 255; // OpenID Connect Core, 2: `sub` has at most 255 characters
const KEY = crypto.randomBytes(32);
const verified = new WeakSet();

// What templates print for a value that isn't there; a token made so is a mistake, not an organization.
const ACCIDENTS = ['', 'undefined', 'null', 'NaN', '[object Object]'];

function isSoundText(value) {
  // Control characters (NUL breaks PostgreSQL) and halves of surrogate pairs never name an organization.
  return value.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(value) && !ACCIDENTS.includes(value.trim());
}

/** A claim's value as Cube binds it, or null if it can't be one. */
function asText(value) {
  if (typeof value === 'string') return isSoundText(value) ? value : null;
  if (typeof value === 'boolean') return String(value);
  // Larger integers have lost digits in JSON.parse already and would be somebody else's number.
  return Number.isSafeInteger(value) ? String(value) : null;
}

// What values of each type are in JSON. What is compared with numbers must be numbers: databases differ in what a text
// that looks like one is to them.
const JSON_TYPES = { number: 'number', text: 'string', boolean: 'boolean' };

function filterValues(u, claim, type) {
  const given = Object.hasOwn(u, claim) ? u[claim] : undefined;
  const list = Array.isArray(given) ? given : [given];
  const isOfType = type === undefined || list.every((value) => typeof value === JSON_TYPES[type]);
  const values = list.map(asText);
  if (!isOfType || values.length === 0 || values.includes(null)) {
    throw forbidden(`The token lacks a usable claim u.${claim}.`);
  }
  return [...new Set(values)];
}

// Frozen but for one mark that Cube sets on it when it evaluates access policies (CubeSymbols.resolveSymbol, 1.7).
function frozenButForCubesMark(context) {
  Object.defineProperty(context, '_objectWithResolvedProperties', { value: false, writable: true });
  for (const key of Object.keys(context)) Object.defineProperty(context, key, { writable: false, configurable: false });
  return Object.preventExtensions(context);
}

// A claim may be named like what every object inherits.
const ownOf = (map, name) => (Object.hasOwn(map, name) ? map[name] : undefined);

function userId(claims) {
  const { sub } = claims;
  if (typeof sub !== 'string' || sub.length > LONGEST_USER_ID || !isSoundText(sub)) {
    throw unauthorized('The token names no user (sub).');
  }
  return sub;
}

function rolesOf(u) {
  if (!Object.hasOwn(u, 'roles')) return [];
  const roles = typeof u.roles === 'string' ? [u.roles] : u.roles;
  if (!Array.isArray(roles) || !roles.every((role) => typeof role === 'string' && isSoundText(role))) {
    throw forbidden('The token\'s u.roles must be a list of names.');
  }
  return [...new Set(roles)];
}

function sealOf({ filter_claims: claims, user_id: user, roles, exp }) {
  const sorted = Object.entries(claims).sort(([a], [b]) => (a < b ? -1 : 1));
  return crypto.createHmac('sha256', KEY).update(JSON.stringify([sorted, user, roles, exp])).digest('base64url');
}

/**
 * The context of a token that holds.
 *
 * @param {object} claims verified claims
 * @param {object} rowLevelSecurity of the stack's settings: `claims` under `u` must be there, of `claimTypes`, unless
 *   one of the roles is among the claim's `exemptRoles`; no others are taken over. `tokenClaims` (optional) says what
 *   a claim is called in tokens.
 * @throws 401 without a user, 403 where a demanded claim is missing, empty, or not a text, boolean or integer
 */
function securityContext(claims, rowLevelSecurity) {
  const { enabled, claims: demanded, claimTypes, tokenClaims = {} } = rowLevelSecurity;
  const user = userId(claims);
  const u = claims.u ?? {};
  if (typeof u !== 'object' || Array.isArray(u)) throw forbidden('The token\'s u must be an object.');
  const roles = rolesOf(u);
  const exempt = exemptClaims(roles, rowLevelSecurity);
  const filterClaims = {};
  for (const claim of enabled ? demanded.filter((name) => !exempt.has(name)) : []) {
    filterClaims[claim] = Object.freeze(filterValues(u, ownOf(tokenClaims, claim) ?? claim, ownOf(claimTypes, claim)));
  }
  const context = {
    filter_claims: Object.freeze(filterClaims),
    user_id: user,
    roles: Object.freeze(roles),
    exp: claims.exp,
  };
  context.seal = sealOf(context);
  verified.add(frozenButForCubesMark(context));
  return context;
}

/** Whether `context` was made by `securityContext` in this process, and nothing in it was changed. */
function isAuthentic(context) {
  if (typeof context !== 'object' || context === null) return false;
  if (verified.has(context)) return true;
  const { filter_claims: claims, seal } = context;
  if (typeof seal !== 'string' || typeof claims !== 'object' || claims === null) return false;
  const [expected, given] = [Buffer.from(sealOf(context)), Buffer.from(seal)];
  return expected.length === given.length && crypto.timingSafeEqual(expected, given);
}

/** A fingerprint of what a context may see: equal for two tokens with the same user, claims and roles. */
function rightsOf(context) {
  return sealOf({ ...context, exp: 0 });
}

module.exports = { securityContext, isAuthentic, rightsOf };
