'use strict';

/**
 * What Cube's SQL API asks when a session's authentication has grown old (CUBESQL_AUTH_EXPIRE_SECS): only for the
 * user's name, without the token, and whatever is answered becomes the session's rights.
 *
 * So a name is answered only as long as it has stood for the same rights ever since the start: a session that
 * began with other rights, even with a token that has long expired, may still be asleep somewhere.
 * Nothing is ever forgotten for the same reason; names over the limit are not remembered, and their sessions end.
 */

const { rightsOf } = require('./security_context');

const MOST_USERS = 20_000;

class SqlSessions {
  #users = new Map();
  #mostUsers;

  constructor({ mostUsers = MOST_USERS } = {}) {
    this.#mostUsers = mostUsers;
  }

  /** Notes a login with a token that holds. */
  remember(context) {
    const rights = rightsOf(context);
    const known = this.#users.get(context.user_id);
    if (known === undefined) {
      if (this.#users.size < this.#mostUsers) this.#users.set(context.user_id, { rights, context });
    } else if (known.rights !== rights) {
      known.context = null;
    } else if (known.context !== null && known.context.exp < context.exp) {
      known.context = context;
    }
  }

  /** The one context that the user's sessions can have, with the latest end; null if that isn't certain. */
  recall(user) {
    return this.#users.get(user)?.context ?? null;
  }
}

module.exports = { SqlSessions };
