'use strict';

/** Whether a token holds: first its signature, then its claims (RFC 7519, 4.1). */

const { unauthorized, unavailable } = require('./errors');
const { namedAsHere } = require('./claim_names');
const { KeySet } = require('./key_set');
const { KnownSignatures } = require('./known_signatures');
const { SHARED_SECRET_ALGORITHMS } = require('./settings');
const { isSignedWithSecret } = require('./signatures');
const { tokenParts } = require('./token_parts');

const NOT_VALID = 'The token is not valid.';
const EXPIRED = 'The token has expired.';
const NOT_YET_VALID = 'The token is not valid yet.';

const isTime = (value) => typeof value === 'number' && Number.isFinite(value);

/** Whether a token that ends at `exp` (seconds since 1970) has ended, given the clock tolerance. */
function hasExpired(exp, toleranceSeconds, nowMilliseconds) {
  return nowMilliseconds / 1000 >= exp + toleranceSeconds;
}

function isAudience(aud, expected) {
  // A token for somebody in particular is not for us unless we are named (RFC 7519, 4.1.3).
  if (expected === null) return aud === undefined;
  return aud === expected || (Array.isArray(aud) && aud.every((one) => typeof one === 'string') && aud.includes(expected));
}

function checkClaims(claims, jwt, now) {
  if (!isTime(claims.exp)) throw unauthorized(NOT_VALID);
  if (hasExpired(claims.exp, jwt.clockToleranceSeconds, now)) throw unauthorized(EXPIRED);
  if (claims.nbf !== undefined) {
    if (!isTime(claims.nbf)) throw unauthorized(NOT_VALID);
    if (now / 1000 + jwt.clockToleranceSeconds < claims.nbf) throw unauthorized(NOT_YET_VALID);
  }
  if (jwt.issuer !== null && claims.iss !== jwt.issuer) throw unauthorized(NOT_VALID);
  if (!isAudience(claims.aud, jwt.audience)) throw unauthorized(NOT_VALID);
}

/**
 * Makes the verifier of a stack.
 *
 * @param {object} jwt the settings' `jwt`
 * @param {string[]} secrets the shared secrets, for HS algorithms
 * @param {object} [options] `now` (milliseconds), `keySet`
 * @returns {(token: string) => Promise<object>} gives the claims of a token that holds; throws the answer (401, or
 *   503 when its key can't be had) for any other
 */
function tokenVerifier(jwt, secrets, { now = Date.now, keySet } = {}) {
  const usesSecrets = SHARED_SECRET_ALGORITHMS.includes(jwt.algorithms[0]);
  const keys = usesSecrets ? null : keySet ?? new KeySet(jwt.jwksUri);
  const signatures = new KnownSignatures();

  async function isSigned({ algorithm, keyId, signed, signature }) {
    if (usesSecrets) return isSignedWithSecret(algorithm, secrets, signed, signature);
    if (keyId === null) return false;
    let candidates;
    try {
      candidates = await keys.keysFor(keyId, algorithm);
    } catch {
      throw unavailable('Tokens can\'t be checked at the moment; try again later.');
    }
    return candidates.some((key) => signatures.isSignedWith(algorithm, key, signed, signature));
  }

  return async function verify(token) {
    const parts = tokenParts(token, jwt.maxBytes);
    // The algorithm is the stack's choice, not the token's.
    if (parts === null || !jwt.algorithms.includes(parts.algorithm)) throw unauthorized(NOT_VALID);
    if (!(await isSigned(parts))) throw unauthorized(NOT_VALID);
    checkClaims(parts.claims, jwt, now());
    return namedAsHere(parts.claims, jwt);
  };
}

module.exports = { tokenVerifier, hasExpired, EXPIRED };
