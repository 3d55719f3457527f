'use strict';

/** What a query names, wherever a query can name something. A form that isn't known here is refused. */

const { touch } = require('./access_closure');
const { badRequest, forbidden } = require('./errors');
const { readByExpression } = require('./member_expressions');

// All that Cube 1.7 allows in a query (api-gateway, query.js): a key of a later version could name members, too.
const KEYS = new Set([
  'measures', 'dimensions', 'segments', 'filters', 'timeDimensions', 'order', 'joinHints', 'subqueryJoins', 'maskedMembers',
  'timezone', 'limit', 'offset', 'total', 'cache', 'cacheMode', 'ungrouped', 'responseFormat',
]);
const MEMBER = /^([A-Za-z0-9_]+)\.([A-Za-z0-9_]+)(\.[A-Za-z0-9_]+)?$/;
const EXPRESSION_NAME = /^[A-Za-z0-9_]+$/;
const MOST_NESTED = 64;

const REFUSED = 'This form of query is not allowed.';

function listOf(value) {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badRequest(REFUSED);
  return value;
}

function namedMember(name) {
  // A text that begins with { would be run as code by Cube, and so is none of these.
  const match = typeof name === 'string' ? MEMBER.exec(name) : null;
  if (match === null) throw forbidden(REFUSED);
  return touch(match[1], match[2]);
}

function filterMembers(filters, depth = 0) {
  if (depth > MOST_NESTED) throw badRequest('The filters are nested too deeply.');
  return listOf(filters).flatMap((filter) => {
    if (typeof filter !== 'object' || filter === null) throw badRequest(REFUSED);
    const leaves = [filter.member, filter.dimension].filter((name) => name !== undefined).map(namedMember);
    return [...leaves, ...filterMembers(filter.or, depth + 1), ...filterMembers(filter.and, depth + 1)];
  });
}

function orderMembers(order) {
  if (order === undefined || order === null) return [];
  const names = Array.isArray(order) ? order.map((one) => (Array.isArray(one) ? one[0] : one?.id)) : Object.keys(order);
  // A name without a dot is that of an expression in the same query.
  return names.filter((name) => !(typeof name === 'string' && EXPRESSION_NAME.test(name))).map(namedMember);
}

function joinPaths(hints) {
  return listOf(hints).map((path) => {
    const names = listOf(path);
    if (!names.every((name) => typeof name === 'string')) throw badRequest(REFUSED);
    return names;
  });
}

/**
 * What a query touches.
 *
 * @param {object} query normalized by Cube
 * @param {{isSqlApi: boolean, isCube: (name: string) => boolean}} options only the SQL API may send expressions
 * @returns {{measures: object[], others: object[], paths: string[][]}} see AccessClosure.reached
 */
function queryMembers(query, { isSqlApi, isCube }) {
  for (const [key, value] of Object.entries(query)) {
    if (!KEYS.has(key) && value !== undefined) throw forbidden(REFUSED);
  }
  const read = (member) => {
    if (typeof member !== 'object' || member === null) return [namedMember(member)];
    if (!isSqlApi) throw forbidden(REFUSED);
    return readByExpression(member, isCube);
  };
  const subqueries = listOf(query.subqueryJoins);
  if (subqueries.length > 0 && !isSqlApi) throw forbidden(REFUSED);
  return {
    measures: listOf(query.measures).flatMap(read),
    others: [
      ...listOf(query.dimensions).flatMap(read),
      ...listOf(query.segments).flatMap(read),
      ...listOf(query.timeDimensions).map((one) => namedMember(one?.dimension)),
      ...filterMembers(query.filters),
      ...orderMembers(query.order),
      // Their SQL was generated for an earlier query, which came by here; the condition is new.
      ...subqueries.flatMap((join) => read(join?.on)),
    ],
    paths: joinPaths(query.joinHints),
  };
}

module.exports = { queryMembers };
