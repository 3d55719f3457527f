'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { countRows, isContinueWait, isGraphqlFailure } = require('../../floe_cube_infra/cube/answer_rows');

const bodyOf = (answer) => Buffer.from(JSON.stringify(answer));
// Values that look like the end of a row.
const TRICKS = ['},{"orders.count":1', '},{', '"},{"', '":[{"', '\\"},{\\"orders.count":', '}]}'];
const rowsOf = (size) => Array.from({ length: size }, (_, index) => ({ 'orders.status': TRICKS[index % TRICKS.length], 'orders.count': String(index) }));
const query = { filters: [{ member: 'orders.a', operator: 'equals', values: TRICKS }, { member: 'orders.b' }, { or: [{ member: 'x' }, { member: 'y' }] }] };

for (const size of [0, 1, 2, 7, 1000]) {
  test(`${size} rows are counted, whatever they hold`, () => {
    assert.equal(countRows(bodyOf({ query, data: rowsOf(size), annotation: { measures: { 'orders.count': { title: '},{"a.b":' } } } }), 'rest'), size);
    const rows = rowsOf(size).map((row) => ({ orders: { status: row['orders.status'], day: { value: row['orders.count'] } }, customers: { name: '},{"' } }));
    assert.equal(countRows(bodyOf({ data: { cube: rows }, extensions: { a: 1 } }), 'graphql'), size);
  });
}

test('rows of several queries are summed up', () => {
  const results = [3, 0, 2].map((size) => ({ query, data: rowsOf(size) }));
  assert.equal(countRows(bodyOf({ queryType: 'blendingQuery', results }), 'rest'), 5);
  const compared = { results: [{ data: [{ compareDateRange: 'a', 'orders.count': 1 }, { compareDateRange: 'b', 'orders.count': 1 }] }] };
  assert.equal(countRows(bodyOf(compared), 'rest'), 2);
  assert.equal(countRows(bodyOf({ data: { a: [{ x: 1 }], b: [{ x: 1 }, { x: 2 }] } }), 'graphql'), 3);
});

test('rows without names aren\'t counted', () => {
  assert.equal(countRows(bodyOf({ data: { members: ['orders.count'], dataset: [[1], [2]] } }), 'rest'), null);
});

test('an answer that asks to come again is known by its beginning', () => {
  assert.equal(isContinueWait(bodyOf({ error: 'Continue wait' })), true);
  assert.equal(isContinueWait(bodyOf({ errors: [{ message: 'Continue wait' }], data: null })), true);
  assert.equal(isContinueWait(bodyOf({ data: [{ 'orders.status': 'Continue wait' }] })), false);
  assert.equal(isContinueWait(bodyOf({ error: 'Continue wait', x: 'x'.repeat(5000) })), false);
  assert.equal(isGraphqlFailure(bodyOf({ errors: [] })), true);
  assert.equal(isGraphqlFailure(bodyOf({ data: {} })), false);
});
