'use strict';

/**
 * What an answer tells of its query without being parsed: rows can be megabytes, and the query's user waits.
 *
 * Rows are counted by where one ends and the next begins. Within a text of JSON a quote is always escaped, so that
 * `},{"` followed by a name and `":` is never part of a value.
 */

const BOUNDARY = Buffer.from('},{"');
const FIRST_ROW = Buffer.from('":[{"');
const FIRST_ROW_OF_DATA = Buffer.from('"data":[{"');
const COMPACT_ROWS = Buffer.from('"dataset":[');
const GRAPHQL_FAILURE = Buffer.from('{"errors":');
const WAIT = Buffer.from('Continue wait');
const LONGEST_FAILURE = 4096;
const QUOTE = 0x22;
const COLON = 0x3a;
const DOT = 0x2e;

const beginsWith = (body, text) => body.length >= text.length && body.compare(text, 0, text.length, 0, text.length) === 0;

function count(body, text, isRow) {
  let found = 0;
  for (let at = body.indexOf(text); at !== -1; at = body.indexOf(text, at + text.length)) {
    if (isRow(at + text.length)) found += 1;
  }
  return found;
}

/**
 * How many rows an answer has; null where that can't be told cheaply.
 *
 * @param {Buffer} body as it leaves
 * @param {'rest' | 'graphql'} api which form it has
 */
function countRows(body, api) {
  if (body.includes(COMPACT_ROWS)) return null;
  const isName = (at, needsDot) => {
    const end = body.indexOf(QUOTE, at);
    if (end === -1 || body[end + 1] !== COLON) return false;
    // In REST only rows have names of members as keys; filters, which the answer repeats, have not.
    return !needsDot || body.subarray(at, end).includes(DOT) || body.toString('latin1', at, end) === 'compareDateRange';
  };
  if (api === 'graphql') return count(body, FIRST_ROW, () => true) + count(body, BOUNDARY, (at) => isName(at, false));
  return count(body, FIRST_ROW_OF_DATA, (at) => isName(at, true)) + count(body, BOUNDARY, (at) => isName(at, true));
}

/** Whether an answer asks its caller to come again. */
function isContinueWait(body) {
  return body.length < LONGEST_FAILURE && (beginsWith(body, Buffer.from('{"error":')) || beginsWith(body, GRAPHQL_FAILURE)) && body.includes(WAIT);
}

/** Whether a GraphQL answer, whose status is 200 even so, tells of errors. */
const isGraphqlFailure = (body) => beginsWith(body, GRAPHQL_FAILURE);

module.exports = { countRows, isContinueWait, isGraphqlFailure };
