'use strict';

/**
 * Signatures that a public key was found to have made: to check one takes up to 0.2 ms, and callers send the same token
 * with each query. Only that is kept; whether the key still counts, and what the token claims, is asked each time.
 */

const crypto = require('node:crypto');
const { isSignedWithKey } = require('./signatures');

const MOST_KNOWN = 10_000;

class KnownSignatures {
  // By the key itself: once it is withdrawn, or fetched anew, what it has signed is forgotten with it.
  #byKey = new WeakMap();
  #mostKnown;

  constructor({ mostKnown = MOST_KNOWN } = {}) {
    this.#mostKnown = mostKnown;
  }

  /** As `isSignedWithKey`. */
  isSignedWith(algorithm, key, signed, signature) {
    // What is signed has no colon.
    const digest = crypto.createHash('sha256').update(`${algorithm}:`).update(signed).update(':').update(signature).digest('base64');
    const known = this.#byKey.get(key) ?? new Set();
    if (known.has(digest)) return true;
    if (!isSignedWithKey(algorithm, key, signed, signature)) return false;
    if (known.size >= this.#mostKnown) known.clear();
    this.#byKey.set(key, known.add(digest));
    return true;
  }
}

module.exports = { KnownSignatures };
