'use strict';

/**
 * What a request may ask, before Cube reads it: a query that has the form of one and is not too large. Cube answers
 * other forms with a TypeError of its own.
 */

const { SQL_ADDRESS, pathOf } = require('./addresses');
const { badRequest } = require('./errors');
const { countQueries } = require('./graphql_document');

const QUERY_PATH = /\/v1\/(load|subscribe|sql|dry-run)$/;
const LISTS = ['measures', 'dimensions', 'segments', 'filters', 'timeDimensions'];
const MOST_NESTED = 64;

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

function checkSize(text, limits) {
  if (Buffer.byteLength(text) > limits.queryBytes) throw badRequest(`A query has at most ${limits.queryBytes} bytes.`);
}

function checkQueries(count, limits) {
  if (count > limits.queries) throw badRequest(`A request has at most ${limits.queries} queries.`);
}

function read(given, limits) {
  checkSize(typeof given === 'string' ? given : JSON.stringify(given), limits);
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given);
  } catch {
    throw badRequest('The query is not JSON.');
  }
}

// A request has no length of its own when it comes in chunks, so what was read of it is measured.
function checkGraphql({ body, query }, limits) {
  checkSize(JSON.stringify(body ?? {}), limits);
  const documents = [query?.query, body?.query].filter((text) => typeof text === 'string');
  checkQueries(Math.max(0, ...documents.map(countQueries)), limits);
}

function countFilters(filters, depth = 0) {
  if (depth > MOST_NESTED) throw badRequest('The filters are nested too deeply.');
  return filters.reduce((count, filter) => {
    if (!isObject(filter)) throw badRequest('Each filter must be an object.');
    const nested = [filter.and, filter.or].filter((list) => list !== undefined && list !== null);
    if (!nested.every(Array.isArray)) throw badRequest('In filters, and and or must be lists.');
    return count + 1 + nested.reduce((inner, list) => inner + countFilters(list, depth + 1), 0);
  }, 0);
}

function checkQuery(query, limits) {
  if (!isObject(query)) throw badRequest('A query must be an object.');
  for (const key of LISTS) {
    if (query[key] !== undefined && query[key] !== null && !Array.isArray(query[key])) {
      throw badRequest(`In a query, ${key} must be a list.`);
    }
  }
  const lengthOf = (key) => query[key]?.length ?? 0;
  const members = lengthOf('measures') + lengthOf('dimensions') + lengthOf('segments') + lengthOf('timeDimensions');
  if (members > limits.members) throw badRequest(`A query names at most ${limits.members} members.`);
  if (countFilters(query.filters ?? []) > limits.filters) throw badRequest(`A query has at most ${limits.filters} filters.`);
}

/**
 * Refuses a request whose query has no right form or is too large.
 *
 * @param {object} request Express's, with a parsed body
 * @param {{queryBytes: number, members: number, filters: number, queries: number}} limits of the stack's settings
 * @throws 400
 */
function checkRequest(request, limits) {
  const path = pathOf(request);
  if (path.endsWith('/graphql')) return checkGraphql(request, limits);
  if (path === SQL_ADDRESS) return checkSize(JSON.stringify(request.body ?? {}), limits);
  if (!QUERY_PATH.test(path)) return undefined;
  const given = request.method === 'POST' ? request.body?.query : request.query?.query;
  // Cube itself says what is missing.
  if (given === undefined || given === null || given === '') return undefined;
  const query = read(given, limits);
  const queries = Array.isArray(query) ? query : [query];
  checkQueries(queries.length, limits);
  return queries.forEach((one) => checkQuery(one, limits));
}

module.exports = { checkRequest };
