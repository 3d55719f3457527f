'use strict';

/**
 * Asks this process's own APIs the first question of each before anybody else can, since Cube compiles its model,
 * makes its GraphQL schema and loads its planner on the first request only: 40 seconds, for a large model.
 *
 * It asks over HTTP, as a user would, with a pass that is made of random bytes at the start, leaves this process over
 * loopback only, is good until the pod is warm, and stands for a user with no organization's claims. It loads no rows.
 */

const crypto = require('node:crypto');

const USER = 'floe-warm-up';
const SECONDS = 600;
// So many cubes are tried for a query that isn't refused.
const MOST_QUERIES = 20;

// Values that nobody has, where a type has such; nothing is loaded with them, and the plan is the same for any.
function valueOf(type) {
  if (type === 'boolean') return false;
  return type === 'number' ? Number.MIN_SAFE_INTEGER : crypto.randomUUID();
}

class NotAnswered extends Error {}

/** A pass for one warm-up, and the claims that it stands for. */
class Pass {
  #token = null;
  #roles = [];
  #claims;

  /**
   * @param {object} rowLevelSecurity of the stack's settings: what claims a token must carry
   * @param {string | null} organization the only one that this pod answers, by the first claim
   */
  constructor({ claims, claimTypes, tokenClaims = {} }, organization = null) {
    const value = (claim, index) => {
      if (index > 0 || organization === null) return valueOf(claimTypes[claim]);
      return claimTypes[claim] === 'number' ? Number(organization) : organization;
    };
    this.#claims = Object.fromEntries(claims.map((claim, index) => [tokenClaims[claim] ?? claim, [value(claim, index)]]));
  }

  /** A new pass, of somebody with these roles; the one before is none any more. */
  issue(roles) {
    this.#roles = roles;
    this.#token = crypto.randomBytes(32).toString('base64url');
    return this.#token;
  }

  revoke() {
    this.#token = null;
  }

  /** The verified claims of a token that is the pass; null for any other. */
  claimsOf(token) {
    if (this.#token === null || typeof token !== 'string') return null;
    const [expected, given] = [this.#token, token].map((text) => crypto.createHash('sha256').update(text).digest());
    if (!crypto.timingSafeEqual(expected, given)) return null;
    return { sub: USER, u: { ...this.#claims, roles: this.#roles }, exp: Math.floor(Date.now() / 1000) + SECONDS };
  }
}

/**
 * Whose first questions are asked: nobody's in particular, and those of each role that Cube compiles a model of its own
 * for. Who has several of them waits, once.
 */
const rolesToWarm = (model) => [[], ...model.clearingRoles().map((role) => [role])];

/** A verifier that knows the pass as well. */
function withPass(pass, verify) {
  return async (token) => pass.claimsOf(token) ?? verify(token);
}

// A query for one member of each cube, measures first.
function queriesOf({ cubes }) {
  return cubes
    .map(({ measures, dimensions }) => (measures.length > 0 ? { measures: [measures[0].name] } : { dimensions: dimensions.slice(0, 1).map(({ name }) => name) }))
    .slice(0, MOST_QUERIES);
}

/**
 * Asks the first question of each API.
 *
 * @param {string} address of Cube's API, such as http://127.0.0.1:4000
 * @param {string} token the pass
 * @throws {NotAnswered} where an API fails, or none answers; one of them may be switched off (403)
 */
async function askEachApi(address, token) {
  async function ask(path, body) {
    const response = await fetch(`${address}/cubejs-api/${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'x-request-id': USER },
      signal: AbortSignal.timeout(SECONDS * 1000),
    });
    const answer = await response.json().catch(() => null);
    if (response.status >= 500) throw new NotAnswered(`${path} answers ${response.status}.`);
    return response.ok ? answer : null;
  }

  async function askForOne(queries) {
    for (const query of queries) {
      const answer = await ask('v1/dry-run', { query });
      if (answer !== null) return answer;
    }
    return null;
  }

  const meta = await ask('v1/meta');
  const answered = [meta, await ask('graphql', { query: '{ __typename }' }), await askForOne(queriesOf(meta ?? { cubes: [] }))];
  if (answered.every((answer) => answer === null)) throw new NotAnswered('Each of the APIs refuses to answer.');
}

module.exports = { NotAnswered, Pass, askEachApi, rolesToWarm, withPass };
