'use strict';

/**
 * Cube's logger: one line of JSON an event, with an allow-list of fields. Cube's own lines hold tokens of failed
 * logins, security contexts and the SQL of queries.
 */

const { withoutValues } = require('./safe_texts');

const LEVELS = ['error', 'warn', 'info', 'trace'];
// Told by default; what fails is told anyhow, the many steps of each query are not.
const TOLD = new Set([
  'Load Request Success', 'Compiling schema', 'Refresh Scheduler Run', 'Executing Load Pre Aggregation SQL',
  'Dropping orphaned tables completed', 'Server Start',
]);
// Names, numbers and ids only.
const FIELDS = ['requestId', 'apiType', 'duration', 'preAggregationId', 'dataSource', 'status', 'version', 'service'];
// As answers repeat it; else it would be a text of the caller's.
const SOUND_ID = /^[\w.:/-]{1,128}$/;
const isPlain = (value) => typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string';

/** The level of an event, by Cube's own words for it. */
function levelOf(message, params) {
  if (/error/i.test(message)) return 'error';
  if (params.error !== undefined || params.warning !== undefined || /warning/i.test(message)) return 'warn';
  return TOLD.has(message) ? 'info' : 'trace';
}

/** What is written of an event. */
function lineOf(message, params) {
  const line = { level: levelOf(message, params), message: withoutValues(message) };
  for (const field of FIELDS) {
    const value = params[field];
    if (isPlain(value)) line[field] = typeof value !== 'string' || SOUND_ID.test(value) ? value : withoutValues(value);
  }
  const error = params.error ?? params.warning;
  if (error !== undefined) line.error = withoutValues(error instanceof Error ? error.message : typeof error === 'string' ? error : error?.message ?? '');
  return line;
}

/**
 * Makes Cube's `logger`. No listener and no line ever makes a query fail.
 *
 * @param {string | undefined} level the least grave level that is written (CUBEJS_LOG_LEVEL); `info` by default
 * @param {object} [options] `write` takes a line; `listeners` are told each event as Cube tells it
 * @returns {(message: string, params: object) => void}
 */
function eventLogger(level, { write = (line) => process.stdout.write(`${line}\n`), listeners = [] } = {}) {
  const wanted = LEVELS.includes(level) ? LEVELS.indexOf(level) : LEVELS.indexOf('info');
  const isWritten = (message, params) => LEVELS.indexOf(levelOf(message, params)) <= wanted;
  return function log(message, given) {
    const params = given ?? {};
    for (const listener of listeners) {
      try {
        listener(message, params);
      } catch {
        // An observer's mistake is not the query's.
      }
    }
    if (isWritten(message, params)) write(JSON.stringify(lineOf(message, params)));
  };
}

module.exports = { eventLogger };
