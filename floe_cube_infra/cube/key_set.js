'use strict';

/**
 * The public keys behind a JWKS address (RFC 7517, 5), cached.
 *
 * Fetched anew when they are old, so that a withdrawn key stops working, and when a token names a key that isn't
 * known, though seldom: anyone can send such tokens. When the address doesn't answer, the keys serve a while longer.
 */

const { publicKeyFor } = require('./signatures');

const LIMITS = {
  refreshSeconds: 600,
  keepSeconds: 3600,
  retrySeconds: 30,
  timeoutMilliseconds: 5000,
  maxBytes: 512 * 1024,
};

async function textOf(response, maxBytes) {
  const chunks = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > maxBytes) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function fetchKeys(uri, limits) {
  const response = await fetch(uri, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(limits.timeoutMilliseconds),
  });
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  const { keys } = JSON.parse(await textOf(response, limits.maxBytes));
  if (!Array.isArray(keys)) throw new Error('no keys in it');
  return keys.filter((key) => typeof key === 'object' && key !== null);
}

class KeySet {
  /**
   * @param {string} uri where the keys are
   * @param {object} [options] limits other than the usual, and `now` (milliseconds) for tests
   */
  constructor(uri, { now = Date.now, ...limits } = {}) {
    this.uri = uri;
    this.now = now;
    this.limits = { ...LIMITS, ...limits };
    this.keys = null;
    this.readable = new WeakMap();
    this.fetchedAt = -Infinity;
    this.triedAt = -Infinity;
    this.fetching = null;
  }

  /** All public keys of this id that may verify the algorithm. Throws if no keys can be had. */
  async keysFor(keyId, algorithm) {
    if (this.#age() > this.limits.refreshSeconds) await this.#refresh();
    // Keys that are too old to trust are worse than none.
    if (this.#age() > this.limits.keepSeconds) throw new Error('the signing keys can\'t be fetched');
    let keys = this.#find(keyId, algorithm);
    if (keys.length === 0) {
      await this.#refresh();
      keys = this.#find(keyId, algorithm);
    }
    return keys;
  }

  #age() {
    return (this.now() - this.fetchedAt) / 1000;
  }

  #find(keyId, algorithm) {
    return this.keys
      .filter((jwk) => jwk.kid === keyId)
      .map((jwk) => this.#keyFrom(algorithm, jwk))
      .filter((key) => key !== null);
  }

  // Reading a key takes as long as the rest of a request's checks; what was fetched is read once.
  #keyFrom(algorithm, jwk) {
    const read = this.readable.get(jwk) ?? {};
    read[algorithm] ??= { key: publicKeyFor(algorithm, jwk) };
    this.readable.set(jwk, read);
    return read[algorithm].key;
  }

  // All who wait share one request; after a try there is a pause, whatever came of it.
  async #refresh() {
    if (this.fetching === null) {
      if ((this.now() - this.triedAt) / 1000 < this.limits.retrySeconds) return;
      this.triedAt = this.now();
      this.fetching = fetchKeys(this.uri, this.limits)
        .then((keys) => {
          this.keys = keys;
          this.fetchedAt = this.now();
        })
        .catch((error) => console.error(`The signing keys could not be fetched: ${error.message}`))
        .finally(() => {
          this.fetching = null;
        });
    }
    await this.fetching;
  }
}

module.exports = { KeySet };
