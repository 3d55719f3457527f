'use strict';

/** Signatures of tokens (RFC 7518, 3). A key fits an algorithm or it doesn't: there is no guessing. */

const crypto = require('node:crypto');

const SMALLEST_RSA_BITS = 2048; // RFC 7518, 3.3
const SMALLEST_RSA_EXPONENT = 3n; // RFC 8017, 3.1; with 1, every number is its own signature
const CURVES = {
  ES256: { jwk: 'P-256', bytes: 64 },
  ES384: { jwk: 'P-384', bytes: 96 },
  ES512: { jwk: 'P-521', bytes: 132 },
};

const hashOf = (algorithm) => `sha${algorithm.slice(2)}`;

/** Whether one of the shared secrets made the signature (HS256, HS384, HS512). */
function isSignedWithSecret(algorithm, secrets, signed, signature) {
  return secrets.some((secret) => {
    const expected = crypto.createHmac(hashOf(algorithm), secret).update(signed).digest();
    return expected.length === signature.length && crypto.timingSafeEqual(expected, signature);
  });
}

/** Whether the public key made the signature (RS256.., ES256..). */
function isSignedWithKey(algorithm, key, signed, signature) {
  if (algorithm.startsWith('RS')) return crypto.verify(hashOf(algorithm), signed, key, signature);
  // Two numbers of fixed length, not ASN.1 (RFC 7518, 3.4).
  if (signature.length !== CURVES[algorithm].bytes) return false;
  return crypto.verify(hashOf(algorithm), signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** The public key in a JWK (RFC 7517) if it may verify `algorithm`, else null. */
function publicKeyFor(algorithm, jwk) {
  const isForSigning = (jwk.use === undefined || jwk.use === 'sig')
    && (jwk.key_ops === undefined || (Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify')))
    && (jwk.alg === undefined || jwk.alg === algorithm);
  if (!isForSigning) return null;
  try {
    // Only the public parts are handed on, whatever else stands there.
    if (algorithm.startsWith('RS') && jwk.kty === 'RSA') {
      const key = crypto.createPublicKey({ key: { kty: 'RSA', n: jwk.n, e: jwk.e }, format: 'jwk' });
      const { modulusLength, publicExponent } = key.asymmetricKeyDetails;
      return modulusLength >= SMALLEST_RSA_BITS && publicExponent >= SMALLEST_RSA_EXPONENT ? key : null;
    }
    if (algorithm.startsWith('ES') && jwk.kty === 'EC' && jwk.crv === CURVES[algorithm].jwk) {
      return crypto.createPublicKey({ key: { kty: 'EC', crv: jwk.crv, x: jwk.x, y: jwk.y }, format: 'jwk' });
    }
  } catch {
    // Not a key that node can read.
  }
  return null;
}

module.exports = { isSignedWithSecret, isSignedWithKey, publicKeyFor };
