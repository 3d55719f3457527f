'use strict';

/** A signed token (JWS compact serialization, RFC 7515, 7.1) taken apart; nothing in it is trusted yet. */

const { parseStrictJson } = require('./strict_json');

// Written canonically, so that one signature belongs to one text.
function fromBase64Url(part) {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part) throw new SyntaxError('not base64url');
  return bytes;
}

function objectFrom(part) {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(fromBase64Url(part));
  const value = parseStrictJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('not an object');
  return value;
}

/**
 * The parts, or null if the text isn't a signed token or is longer than `maxBytes`.
 *
 * Returns {algorithm, keyId, claims, signed, signature}; keyId is null where the header names none.
 */
function tokenParts(token, maxBytes) {
  if (typeof token !== 'string' || token.length > maxBytes) return null;
  const parts = token.split('.');
  if (parts.length !== 3 || parts.some((part) => part === '')) return null;
  try {
    const header = objectFrom(parts[0]);
    // `crit` names extensions that must be understood (RFC 7515, 4.1.11); none is.
    if (typeof header.alg !== 'string' || Object.hasOwn(header, 'crit')) return null;
    const keyId = header.kid ?? null;
    if (keyId !== null && typeof keyId !== 'string') return null;
    return {
      algorithm: header.alg,
      keyId,
      claims: objectFrom(parts[1]),
      signed: Buffer.from(`${parts[0]}.${parts[1]}`),
      signature: fromBase64Url(parts[2]),
    };
  } catch {
    return null;
  }
}

module.exports = { tokenParts };
