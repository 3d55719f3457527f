'use strict';

/** One query while it lives: what its events tell, and the record that is made of it (observer/records.py). */

const { STATUS_CODES } = require('node:http');
const { QueryNames } = require('./query_names');
const { withoutValues } = require('./safe_texts');
const { UNUSED } = require('./source_fallback');

// Gateway events that tell of a failure, with what kind it is.
const FAILURES = {
  UserError: 'UserError',
  Unauthorized: 'Unauthorized',
  Forbidden: 'Forbidden',
  'Service Unavailable': 'ServiceUnavailable',
  'Orchestrator error': 'DatabaseError',
  'Error querying db': 'DatabaseError',
  'Internal Server Error': 'InternalServerError',
};
const MOST_STATEMENTS = 100;
const MOST_ROLLUPS = 512;
// Quoted names of tables and columns may stay, other texts in double quotes may be values.
const QUOTED = /(\b(?:column|relation|table|schema|function|constraint|view|database) )?"[^"]*"/g;

/** Microseconds since 1970. */
const clock = () => Math.round((performance.timeOrigin + performance.now()) * 1000);

/** A failure's text for a record. */
const errorText = (text) => withoutValues(String(text).replace(QUOTED, (found, named) => (named === undefined ? '"?"' : found))).toWellFormed();

class OpenQuery {
  ids = new Set();
  lastTouched;
  // Of the SQL API; others are requests.
  isStatement = false;
  // Its caller was told to come again, and how often.
  isWaiting = false;
  waits = 0;
  // The waiting query that this one is a poll of.
  pollOf = null;
  // What tells a poll from another query: who asks, and what.
  asked = null;
  caller = {};
  rows = null;
  bytes = null;
  status = null;
  hasRewrite = false;
  #requestId;
  #api;
  #begun;
  #contextAt = null;
  #rewriteAt = null;
  #planAt = null;
  #succeededAt = null;
  #failure = null;
  #names;
  #statements = [];
  #rollups = new Set();
  #unused = new Set();
  #sql = null;
  #now;

  /**
   * @param {{api: string, requestId: string, isCube: (name: string) => boolean, now: () => number}} what
   */
  constructor({ api, requestId, isCube, now }) {
    this.#now = now;
    this.#api = api;
    this.#requestId = requestId;
    this.#begun = now();
    this.lastTouched = this.#begun;
    this.#names = new QueryNames(isCube);
  }

  get requestId() {
    return this.#requestId;
  }

  get api() {
    return this.#api;
  }

  /** The token holds, and Cube knows the request by this id from now on. */
  identified(requestId) {
    this.#requestId = requestId;
    this.#contextAt ??= this.#now();
  }

  /** Takes one of Cube's events. */
  heard(message, params) {
    this.lastTouched = this.#now();
    if (Object.hasOwn(FAILURES, message)) {
      this.#failed(FAILURES[message], params.error);
      return;
    }
    switch (message) {
      case 'Query Rewrite':
        this.#rewriteAt ??= this.lastTouched;
        // A poll asks the same once more, and so do the several plans of one SQL statement.
        if (this.waits === 0) this.#names.add(params.query);
        this.hasRewrite = true;
        break;
      case 'Query Rewrite completed':
        this.#planAt ??= this.lastTouched;
        break;
      case 'Load Request SQL':
        this.#planned(params.sqlQuery);
        break;
      case UNUSED:
        if (this.#rollups.has(params.preAggregationId)) this.#unused.add(params.preAggregationId);
        if (typeof params.sql === 'string') this.#sql = params.sql;
        break;
      case 'Performing query':
        this.#started(params);
        break;
      case 'Performing query completed':
        this.#ended(params, false);
        break;
      case 'Error while querying':
        this.#ended(params, true);
        break;
      case 'Load Request Success':
        this.#succeededAt = this.lastTouched;
        // One of the queries of a request may have failed before another one succeeds.
        if (this.isStatement) this.#failure = null;
        break;
      default:
    }
  }

  #failed(type, text) {
    // The first one is the cause; Cube's words for what it makes of it say less.
    this.#failure ??= { type, text: errorText(text?.message ?? text ?? type) };
  }

  #planned(sqlQuery) {
    for (const rollup of Array.isArray(sqlQuery?.preAggregations) ? sqlQuery.preAggregations : []) {
      const id = rollup?.preAggregationId;
      if (typeof id === 'string' && this.#rollups.size < MOST_ROLLUPS) this.#rollups.add(id.slice(0, 256));
    }
    if (this.#sql === null && typeof sqlQuery?.sql?.[0] === 'string') [this.#sql] = sqlQuery.sql;
  }

  #started({ queuePrefix, queueId }) {
    if (this.#statements.length >= MOST_STATEMENTS) return;
    const prefix = String(queuePrefix);
    this.#statements.push({ prefix, queueId, store: /_EXT/.test(prefix) ? 'rollup' : 'source', begun: this.lastTouched, ended: null, failed: false });
  }

  #ended({ queuePrefix, queueId }, failed) {
    const statement = this.#statements.find((one) => one.ended === null && one.prefix === String(queuePrefix) && one.queueId === queueId);
    if (statement === undefined) return;
    statement.ended = this.lastTouched;
    statement.failed = failed;
  }

  /** What went wrong, whichever way it came out. */
  #outcome(given) {
    const isRefused = this.status !== null && this.status >= 400;
    if (given === null && !isRefused) return null;
    const isMistaken = this.#failure?.type === 'InternalServerError' && this.status !== null && this.status < 500;
    if (this.#failure !== null && !isMistaken) return this.#failure;
    const phrase = STATUS_CODES[this.status];
    if (isRefused && phrase !== undefined) return { type: phrase.replace(/\W/g, ''), text: this.#failure?.text ?? phrase };
    return given ?? { type: 'Error', text: 'The query failed.' };
  }

  /**
   * The record of a query that has ended.
   *
   * @param {{type: string, text: string} | null} failure where the answer tells of one, though its status may not
   * @param {(sql: string) => string | undefined} sqlText what may be told of a statement
   */
  record(failure, sqlText) {
    const ended = this.#now();
    const outcome = this.#outcome(failure);
    const within = (from, until) => (from === null ? undefined : [from, Math.max(from, until ?? ended)]);
    const planEnd = outcome === null ? this.#succeededAt : this.#succeededAt ?? ended;
    return {
      kind: 'query',
      requestId: this.#requestId,
      api: this.#api,
      during: [this.#begun, ended],
      ...this.caller,
      parse: within(this.#contextAt, this.#rewriteAt),
      security: this.#rewriteAt === null ? within(this.#begun, this.#contextAt) : within(this.#rewriteAt, this.#planAt),
      execute: within(this.#planAt, planEnd),
      response: within(this.#succeededAt, ended),
      database: this.#statements.map(({ store, begun, ended: at, failed }) => ({ during: [begun, Math.max(begun, at ?? ended)], store, failed })),
      errorType: outcome?.type,
      error: outcome?.text,
      httpStatus: this.status ?? undefined,
      ...this.#names.told(),
      rows: this.rows ?? undefined,
      bytes: this.bytes ?? undefined,
      preAggregations: [...this.#rollups].filter((id) => !this.#unused.has(id)),
      unusedPreAggregations: [...this.#unused],
      cached: outcome === null && this.#statements.length === 0,
      polls: this.waits,
      sql: this.#sql === null ? undefined : sqlText(this.#sql),
    };
  }
}

module.exports = { OpenQuery, clock, errorText };
