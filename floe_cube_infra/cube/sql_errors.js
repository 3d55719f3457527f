'use strict';

/**
 * Errors of the SQL API. A database's own words may repeat values of rows that a filter would have kept back: it is free
 * to compute `CAST(name AS INT)` first.
 *
 * Cube has no hook for them, and they never pass HTTP: its gateway hands them on in `handleError`, so that method is
 * wrapped. A Cube without it doesn't start.
 */

const { StartError, isOwn } = require('./errors');
const { safeAnswer } = require('./safe_texts');

// cubesql asks again when it reads this.
const ASK_AGAIN = 'Continue wait';

function safeMessage({ error }, status, requestId) {
  if (error === ASK_AGAIN) return error;
  const said = safeAnswer(status, error, isOwn).error;
  return requestId === undefined ? said : `${said} (requestId: ${requestId})`;
}

/**
 * Makes errors of the SQL API safe from now on.
 *
 * @param {{ApiGateway: Function}} [package_] Cube's gateway; another one for tests
 */
function guardSqlErrors({ ApiGateway } = require('@cubejs-backend/api-gateway')) {
  const handleError = ApiGateway?.prototype?.handleError;
  if (typeof handleError !== 'function') {
    throw new StartError('This version of Cube has no ApiGateway.handleError, so that errors of its SQL API can\'t be made safe; use Cube 1.7.');
  }
  ApiGateway.prototype.handleError = function handleErrorSafely(details) {
    const { context, res } = details;
    if (context?.apiType !== 'sql') return handleError.call(this, details);
    const answer = (told, options) => res({ error: safeMessage(told, options?.status ?? 500, context.requestId) }, options);
    return handleError.call(this, { ...details, res: answer });
  };
}

module.exports = { guardSqlErrors };
