'use strict';

/**
 * Joins Cube's events to one record for each query. REST and GraphQL: a query is a request; polls after "Continue wait"
 * belong to the first one. SQL API: a query is a statement. What Cube does in the background, after a query has ended
 * but under its id, belongs to none.
 */

const { OpenQuery, clock } = require('./open_query');

const MOST_OPEN = 10_000;
const MICROSECONDS = 1_000_000;
// A caller is to ask again at once; who doesn't has gone.
const LONGEST_WAIT = 60 * MICROSECONDS;
// Of a statement that Cube tells no end of. Its own limit for a query is 10 minutes.
const LONGEST_SILENCE = 900 * MICROSECONDS;
const TRACEPARENT = /\b[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\b/;

const GONE = { type: 'Abandoned', text: 'The caller did not ask again.' };
const SILENT = { type: 'Abandoned', text: 'No end was told of the statement.' };
const SQL_FAILURE = { type: 'SqlApiError', text: 'The statement failed.' };

class QueryRecords {
  #open = new Map();
  #waiting = new Map();
  #isCube;
  #sqlText;
  #write;
  #drop;
  #now;

  /**
   * @param {object} options
   * @param {(name: string) => boolean} options.isCube whether the model has a cube
   * @param {(sql: string) => string | undefined} options.sqlText what may be told of a statement
   * @param {(record: object) => void} options.write takes each record
   * @param {() => void} options.drop is told of a query that there is no room for
   * @param {() => number} [options.now] microseconds
   */
  constructor({ isCube, sqlText, write, drop, now = clock }) {
    this.#isCube = isCube;
    this.#sqlText = sqlText;
    this.#write = write;
    this.#drop = drop;
    this.#now = now;
  }

  /** How many queries are open, waiting ones among them. */
  get size() {
    return new Set([...this.#open.values(), ...[...this.#waiting.values()].flat()]).size;
  }

  /** A query that begins; null where there is no room for it. */
  begin(api, requestId) {
    if (this.#open.size >= MOST_OPEN) {
      this.#drop();
      return null;
    }
    return new OpenQuery({ api, requestId, isCube: this.#isCube, now: this.#now });
  }

  /** Cube is to know a query by this id, or by the one that is returned: callers may use one for several at once. */
  identify(query, wanted) {
    let id = wanted;
    // A poll may well come under the id of its first request.
    for (let other = 2; this.#open.get(id)?.isWaiting === false; other += 1) id = `${wanted}.${other}`;
    query.identified(id);
    this.#know(query, id);
    return id;
  }

  #know(query, id) {
    query.ids.add(id);
    this.#open.set(id, query);
  }

  /** Takes each of Cube's events; a listener of `eventLogger`. */
  hear = (message, params) => {
    const id = params.requestId;
    if (id === undefined) return;
    let query = this.#open.get(id);
    if (query === undefined) {
      if (params.apiType !== 'sql' || (message !== 'Load Request' && message !== 'Query Rewrite')) return;
      query = this.begin('sql', id);
      if (query === null) return;
      query.isStatement = true;
      this.#know(query, id);
    }
    if (message === 'Load Request' && query.asked === null) query = this.#asks(query, params);
    query.heard(message, params);
    if (query.isStatement) this.#hearStatement(query, message, params);
  };

  #hearStatement(query, message, params) {
    const traceparent = typeof params.appName === 'string' ? TRACEPARENT.exec(params.appName) : null;
    if (traceparent !== null) [query.caller.traceparent] = traceparent;
    if (message === 'Continue wait' && params.securityContext !== undefined) query.waits += 1;
    if (message === 'SQL API Error') {
      this.end(query, SQL_FAILURE);
    } else if (message === 'Load Request Success') {
      // SET, SELECT 1 and what asks the catalog are statements, but no queries.
      if (query.hasRewrite) this.end(query, null);
      else this.forget(query);
    }
  }

  /** The query that asks so: a waiting one, if somebody asks for the same. */
  #asks(query, { query: asked, securityContext }) {
    query.asked = { asked, securityContext };
    if (query.isStatement || this.#waiting.size === 0) return query;
    const key = QueryRecords.#keyOf(query);
    const [first, ...others] = this.#waiting.get(key) ?? [];
    if (first === undefined) return query;
    if (others.length === 0) this.#waiting.delete(key);
    else this.#waiting.set(key, others);
    for (const id of query.ids) this.#know(first, id);
    query.pollOf = first;
    first.isWaiting = false;
    return first;
  }

  static #keyOf({ api, asked: { asked, securityContext } }) {
    return JSON.stringify([api, securityContext?.user_id, securityContext?.filter_claims, asked]);
  }

  /** The caller was told to come again. */
  wait(query) {
    if (query.asked === null) {
      this.end(query, GONE);
      return;
    }
    query.waits += 1;
    query.isWaiting = true;
    query.lastTouched = this.#now();
    const key = QueryRecords.#keyOf(query);
    this.#waiting.set(key, [...this.#waiting.get(key) ?? [], query]);
  }

  /** The query has ended; `failure` as in `OpenQuery.record`. */
  end(query, failure) {
    this.forget(query);
    this.#write(query.record(failure, this.#sqlText));
  }

  /** The query has ended, but nothing can be told of it. */
  lose(query) {
    this.forget(query);
    this.#drop();
  }

  /** The query turned out to be none. */
  forget(query) {
    for (const id of query.ids) {
      if (this.#open.get(id) === query) this.#open.delete(id);
    }
  }

  /** Ends what nobody asks for any more. */
  sweep() {
    const now = this.#now();
    for (const [key, queries] of this.#waiting) {
      const left = queries.filter(({ lastTouched }) => now - lastTouched < LONGEST_WAIT);
      if (left.length === 0) this.#waiting.delete(key);
      else this.#waiting.set(key, left);
      queries.filter((query) => !left.includes(query)).forEach((query) => this.end(query, GONE));
    }
    for (const query of this.#open.values()) {
      if (query.isStatement && now - query.lastTouched > LONGEST_SILENCE) this.end(query, SILENT);
    }
  }
}

module.exports = { QueryRecords };
