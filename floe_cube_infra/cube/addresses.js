'use strict';

/**
 * Which of Cube's addresses answer, spelled exactly so: Express takes capitals and a slash at the end as well, which
 * the limits of requests would not know.
 *
 * Left out, though Cube has them: `running-query`, which cancels whoever's queries by the id of their request and tells
 * their SQL with its values; and what serves Cube's own tools only.
 */

const { notFound } = require('./errors');

const ADDRESSES = new Set(['graphql', 'v1/load', 'v1/subscribe', 'v1/sql', 'v1/dry-run', 'v1/meta'].map((path) => `/cubejs-api/${path}`));
// SQL over HTTP: the SQL API by another door.
const SQL_ADDRESS = '/cubejs-api/v1/cubesql';

/** The path of an Express request, without what is asked; empty if it has none. */
const pathOf = (request) => String(request?.originalUrl ?? '').split('?', 1)[0];

/**
 * Refuses a request to an address that doesn't answer.
 *
 * @param {object} request Express's
 * @param {boolean} hasSqlApi whether SQL is answered here
 * @throws 404
 */
function checkAddress(request, hasSqlApi) {
  const path = pathOf(request);
  if (!ADDRESSES.has(path) && !(hasSqlApi && path === SQL_ADDRESS)) throw notFound('There is nothing at this address.');
}

module.exports = { SQL_ADDRESS, checkAddress, pathOf };
