'use strict';

/**
 * Errors of the SQL API. A database's own words may repeat values of rows that a filter would have kept back: it is free
 * to compute `CAST(name AS INT)` first.
 *
 * Cube has no hook for them, and they never pass HTTP: its Rust part asks by callbacks and tells clients what these
 * fail with. So each callback is wrapped as it is handed over. A Cube that hands over none doesn't start.
 */

const { createRequire } = require('node:module');
const { StartError, ownStatus } = require('./errors');
const { safeAnswer } = require('./safe_texts');

// cubesql asks again when it reads this.
const ASK_AGAIN = 'Continue wait';

const textOf = (failure) => failure?.error ?? failure?.message ?? failure;

function safeText(failure, requestId) {
  const text = textOf(failure);
  if (text === ASK_AGAIN) return text;
  const said = safeAnswer(500, text, ownStatus).error;
  return requestId === undefined ? said : `${said} (requestId: ${requestId})`;
}

// Some callbacks are given an object, others its text.
function requestIdOf(given) {
  try {
    return (typeof given === 'string' ? JSON.parse(given) : given)?.request?.id;
  } catch {
    return undefined;
  }
}

function safely(callback) {
  return async function callSafely(...given) {
    const requestId = requestIdOf(given[0]);
    let answer;
    try {
      answer = await callback.apply(this, given);
    } catch (error) {
      throw new Error(safeText(error, requestId));
    }
    // Rows may fail after the first of them; whoever listens next hands the error on.
    answer?.stream?.prependListener?.('error', (error) => {
      error.message = safeText(error, requestId);
      error.error = undefined;
    });
    return answer?.error === undefined ? answer : { error: safeText(answer, requestId) };
  };
}

const fromGateway = () => createRequire(require.resolve('@cubejs-backend/api-gateway'))('@cubejs-backend/native');

/**
 * Makes errors of the SQL API safe from now on.
 *
 * @param {object} [native] the package that hands the callbacks over; another one for tests
 */
function guardSqlErrors(native = fromGateway()) {
  const { registerInterface } = native;
  const isGuarded = typeof registerInterface === 'function' && Reflect.set(native, 'registerInterface', function registerSafely(options) {
    const callbacks = Object.entries(options).filter(([, value]) => typeof value === 'function');
    return registerInterface.call(this, { ...options, ...Object.fromEntries(callbacks.map(([name, callback]) => [name, safely(callback)])) });
  });
  if (!isGuarded) throw new StartError('This version of Cube keeps its registerInterface to itself, so that errors of its SQL API can\'t be made safe; use Cube 1.7.');
}

module.exports = { guardSqlErrors };
