'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { checkRequest } = require('../../floe_cube_infra/cube/request_limits');

const LIMITS = { queryBytes: 2048, members: 3, filters: 4, queries: 2 };
const get = (query, path = '/cubejs-api/v1/load') => ({ method: 'GET', originalUrl: `${path}?query=x`, query: { query } });
const post = (query) => ({ method: 'POST', originalUrl: '/cubejs-api/v1/load', body: { query } });
const graphql = (query, variables) => ({ method: 'POST', originalUrl: '/cubejs-api/graphql', body: { query, variables } });
const nested = (depth) => (depth === 0 ? { member: 'a.b' } : { and: [nested(depth - 1)] });

test('sound queries pass, as text and as an object, one and several', () => {
  const query = { measures: ['a.b'], filters: [{ or: [{ member: 'a.b', operator: 'set' }, { and: [] }] }] };
  for (const request of [get(JSON.stringify(query)), post(query), post(JSON.stringify(query)), post([query, query])]) {
    assert.equal(checkRequest(request, LIMITS), undefined);
  }
});

test('what isn\'t there is left to Cube', () => {
  for (const query of [undefined, null, '']) assert.equal(checkRequest(get(query), LIMITS), undefined);
  assert.equal(checkRequest({ method: 'POST', originalUrl: '/cubejs-api/v1/load' }, LIMITS), undefined);
  assert.equal(checkRequest({ method: 'GET', originalUrl: '/cubejs-api/v1/meta' }, LIMITS), undefined);
  assert.equal(checkRequest({}, LIMITS), undefined);
});

for (const [name, request, sentence] of [
  ['no JSON', get('{'), 'The query is not JSON.'],
  ['a number', get('5'), 'A query must be an object.'],
  ['a list in a list', get('[[]]'), 'A query must be an object.'],
  ['a text where a list belongs', get('{"measures":"a.b"}'), 'In a query, measures must be a list.'],
  ['an object where a list belongs', post({ filters: {} }), 'In a query, filters must be a list.'],
  ['a filter that is a text', post({ filters: ['a.b'] }), 'Each filter must be an object.'],
  ['an `and` that is an object', post({ filters: [{ and: {} }] }), 'In filters, and and or must be lists.'],
  ['too many members', post({ measures: ['a.b', 'a.c'], dimensions: ['a.d', 'a.e'] }), 'A query names at most 3 members.'],
  ['too many filters', post({ filters: [nested(4)] }), 'A query has at most 4 filters.'],
  ['filters nested too deeply', post({ filters: [nested(66)] }), 'The filters are nested too deeply.'],
  ['too many queries', post([{}, {}, {}]), 'A request has at most 2 queries.'],
  ['too many bytes', get(JSON.stringify({ measures: ['x'.repeat(2048)] })), 'A query has at most 2048 bytes.'],
  ['too many bytes in an object', post({ measures: ['ä'.repeat(1024)] }), 'A query has at most 2048 bytes.'],
  ['too many bytes of GraphQL, in whatever pieces', graphql(' '.repeat(2048)), 'A query has at most 2048 bytes.'],
  ['too many bytes of variables', graphql('{ cube { a { b } } }', { a: 'x'.repeat(2048) }), 'A query has at most 2048 bytes.'],
  ['too many queries in one document', graphql('{ a: cube { a { b } } b: cube { a { b } } ...F } fragment F on Query { c: cube { a { b } } }'), 'A request has at most 2 queries.'],
  ['too many queries in an address', { originalUrl: '/cubejs-api/graphql?query=x', query: { query: '{ a: cube { a { b } } b: cube { a { b } } c: cube { a { b } } }' } }, 'A request has at most 2 queries.'],
  ['too many bytes of SQL', { originalUrl: '/cubejs-api/v1/cubesql', body: { query: ' '.repeat(2048) } }, 'A query has at most 2048 bytes.'],
]) {
  test(`${name} is refused with a sentence`, () => {
    assert.throws(() => checkRequest(request, LIMITS), { status: 400, message: sentence });
  });
}

test('GraphQL of a sound size passes, and what is no document is left to GraphQL', () => {
  for (const request of [graphql('{ a: cube { a { b } } b: cube { a { b } } }'), graphql('{'), graphql(7), { originalUrl: '/cubejs-api/graphql' }]) {
    assert.equal(checkRequest(request, LIMITS), undefined);
  }
});
