'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { QueryRecords } = require('../../floe_cube_infra/cube/query_records');

const QUERY = { measures: ['orders.count'], dimensions: ['orders.status'], filters: [{ member: 'orders.status', values: ['redacted'] }] };
const SECOND = 1_000_000;
const ADA = { user_id: 'ada', filter_claims: { organization_id: ['acme'] } };

function recorder({ isCube = (name) => ['orders', 'customers'].includes(name), sqlText = (sql) => sql } = {}) {
  let now = 0;
  const written = [];
  let dropped = 0;
  const records = new QueryRecords({
    isCube, sqlText, write: (record) => written.push(record), drop: () => { dropped += 1; }, now: () => { now += 1; return now; },
  });
  return { records, written, hear: records.hear, dropped: () => dropped, pass: (seconds) => { now += seconds * SECOND; } };
}

// What Cube tells of a query until its database answers.
function ask(hear, requestId, { query = QUERY, securityContext = ADA, apiType = 'rest' } = {}) {
  hear('Load Request', { requestId, apiType, query, securityContext });
  hear('Query Rewrite', { requestId, apiType, query, securityContext });
  hear('Query Rewrite completed', { requestId, apiType });
  hear('Load Request SQL', { requestId, sqlQuery: { sql: ['SELECT 1', []], preAggregations: [{ preAggregationId: 'orders.by_day' }, {}] } });
}
function perform(hear, requestId, { queuePrefix = 'SQL_QUERY_1', queueId = 1, end = 'Performing query completed' } = {}) {
  hear('Performing query', { requestId, queuePrefix, queueId });
  hear(end, { requestId, queuePrefix, queueId });
}
function begin({ records }, wanted, api = 'rest') {
  const query = records.begin(api, wanted);
  return { query, id: records.identify(query, wanted) };
}
const answered = (records, query, status = 200, failure = null) => {
  query.status = status;
  records.end(query, failure);
};

test('a request\'s events are joined to one record', () => {
  const all = recorder();
  const { query, id } = begin(all, 'r');
  ask(all.hear, id);
  perform(all.hear, id);
  perform(all.hear, id, { queuePrefix: 'SQL_QUERY_EXT_1', end: 'Error while querying' });
  all.hear('Performing query completed', { requestId: id, queuePrefix: 'unknown', queueId: 9 });
  all.hear('Load Request Success', { requestId: id });
  answered(all.records, query);
  const [record] = all.written;
  assert.deepEqual(record.database.map(({ store, failed }) => [store, failed]), [['source', false], ['rollup', true]]);
  assert.deepEqual([record.cubes, record.measures, record.dimensions, record.filters], [['orders'], ['orders.count'], ['orders.status'], 1]);
  assert.deepEqual([record.preAggregations, record.sql, record.cached, record.errorType], [['orders.by_day'], 'SELECT 1', false, undefined]);
  assert.equal(all.records.size, 0);
});

test('a rollup that could not be read is told as such', () => {
  const all = recorder();
  const { query, id } = begin(all, 'r');
  ask(all.hear, id);
  all.hear('Rollup not used', { requestId: id, preAggregationId: 'orders.by_day', warning: new Error('is not built'), sql: 'SELECT 2' });
  all.hear('Rollup not used', { requestId: id, preAggregationId: 'orders.another' });
  perform(all.hear, id);
  answered(all.records, query);
  const [{ kind, preAggregations, unusedPreAggregations, errorType, sql }] = all.written;
  assert.deepEqual([kind, preAggregations, unusedPreAggregations, errorType, sql], ['query', [], ['orders.by_day'], undefined, 'SELECT 2']);
});

test('what Cube does in the background afterwards belongs to no query', () => {
  const all = recorder();
  const { query, id } = begin(all, 'r');
  ask(all.hear, id);
  answered(all.records, query);
  perform(all.hear, id);
  all.hear('Load Request Success', { requestId: id });
  all.hear('Refresh Scheduler Run', {});
  ask(all.hear, 'scheduler');
  assert.equal(all.written.length, 1);
  assert.deepEqual(all.written[0].database, []);
});

test('one id for several requests at once is one id for each', () => {
  const all = recorder();
  const queries = ['t', 't', 't'].map((id) => begin(all, id));
  assert.deepEqual(queries.map(({ id }) => id), ['t', 't.2', 't.3']);
  queries.forEach(({ query }) => answered(all.records, query));
  assert.equal(begin(all, 't').id, 't');
});

test('polls belong to the query that waits, whoever else asks the same', () => {
  const all = recorder();
  const waiting = begin(all, 'a');
  ask(all.hear, waiting.id);
  all.hear('Performing query', { requestId: waiting.id, queuePrefix: 'q', queueId: 1 });
  all.records.wait(waiting.query);
  const other = begin(all, 'b');
  ask(all.hear, other.id, { securityContext: { ...ADA, user_id: 'bob' } });
  const poll = begin(all, 'a');
  assert.equal(poll.id, 'a');
  ask(all.hear, poll.id);
  assert.equal(poll.query.pollOf, waiting.query);
  assert.equal(other.query.pollOf, null);
  all.hear('Performing query completed', { requestId: waiting.id, queuePrefix: 'q', queueId: 1 });
  all.hear('Load Request Success', { requestId: poll.id });
  answered(all.records, waiting.query);
  answered(all.records, other.query);
  assert.deepEqual(all.written.map(({ requestId, polls, filters, database }) => [requestId, polls, filters, database.length]), [['a', 1, 1, 1], ['b', 0, 1, 0]]);
  assert.equal(all.records.size, 0);
});

test('two that wait for the same are polled one after the other', () => {
  const all = recorder();
  const [first, second] = ['a', 'b'].map((id) => {
    const one = begin(all, id);
    ask(all.hear, one.id);
    return one;
  });
  all.records.wait(first.query);
  all.records.wait(second.query);
  const polls = ['c', 'd'].map((id) => {
    const one = begin(all, id);
    ask(all.hear, one.id);
    return one.query.pollOf;
  });
  assert.deepEqual(polls, [first.query, second.query]);
});

test('who doesn\'t ask again has gone', () => {
  const all = recorder();
  const { query, id } = begin(all, 'a');
  ask(all.hear, id);
  all.records.wait(query);
  all.pass(59);
  all.records.sweep();
  assert.equal(all.written.length, 0);
  all.pass(2);
  all.records.sweep();
  assert.deepEqual(all.written.map(({ errorType, polls }) => [errorType, polls]), [['Abandoned', 1]]);
  assert.equal(all.records.size, 0);
  // An answer to nobody knows what; it can't be asked again.
  all.records.wait(begin(all, 'b').query);
  assert.equal(all.written.length, 2);
});

for (const [message, error, status, type, text] of [
  ['UserError', '\'x\' not found for path \'orders.x\'', 400, 'UserError', '\'x\' not found for path \'orders.x\''],
  ['Forbidden', 'Access to the requested data is refused.', 403, 'Forbidden', 'Access to the requested data is refused.'],
  ['Orchestrator error', 'invalid input "secret" at \'secret\'', 400, 'DatabaseError', 'invalid input "?" at \'?\''],
  ['Error querying db', new Error('relation "orders" of "secret"'), 400, 'DatabaseError', 'relation "orders" of "?"'],
  ['Internal Server Error', 'Error: You requested hidden member: \'orders.x\'', 403, 'Forbidden', 'Error: You requested hidden member: \'?\''],
  ['Internal Server Error', undefined, 500, 'InternalServerError', 'InternalServerError'],
  ['Query completed', undefined, 413, 'PayloadTooLarge', 'Payload Too Large'],
]) {
  test(`a failure after a success counts: ${message}, ${status}`, () => {
    const all = recorder();
    const { query, id } = begin(all, 'r');
    ask(all.hear, id);
    all.hear('Load Request Success', { requestId: id });
    all.hear(message, { requestId: id, error });
    answered(all.records, query, status);
    const [record] = all.written;
    assert.deepEqual([record.errorType, record.error, record.httpStatus, record.cached], [type, text, status, false]);
  });
}

test('a failure that only the answer tells of is one, too', () => {
  const all = recorder();
  answered(all.records, begin(all, 'r', 'graphql').query, 200, { type: 'GraphQLError', text: 'No.' });
  answered(all.records, all.records.begin('rest', 's'), 599);
  assert.deepEqual(all.written.map(({ errorType, error }) => [errorType, error]), [['GraphQLError', 'No.'], ['Error', 'The query failed.']]);
});

test('a statement of the SQL API is one record, however many queries it takes', () => {
  const all = recorder();
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const told = { requestId: 's', apiType: 'sql', appName: `bi ${traceparent}` };
  const expression = '{"cubeName":"customers","name":"x","expression":["orders","return `secret`"],"definition":"secret"}';
  all.hear('Load Request', { ...told, query: { sql: 'secret' } });
  for (const query of [QUERY, { measures: [expression, { cubeName: 'orders' }], dimensions: [7], timeDimensions: [{ dimension: 'orders.day', dateRange: ['a', 'b'] }], segments: ['orders.s'] }]) {
    all.hear('Query Rewrite', { ...told, query });
  }
  all.hear('UserError', { ...told, error: 'x' });
  all.hear('Continue wait', { ...told, securityContext: ADA });
  all.hear('Load Request Success', told);
  const [record] = all.written;
  assert.deepEqual([record.api, record.traceparent, record.errorType, record.polls, record.filters], ['sql', traceparent, undefined, 1, 2]);
  assert.deepEqual([record.cubes, record.dimensions], [['orders', 'customers'], ['orders.status', 'orders.day']]);
  assert.doesNotMatch(JSON.stringify(all.written), /secret/);
});

test('a statement that asks no cube is no query, one that fails or never ends is', () => {
  const all = recorder();
  const told = (requestId) => ({ requestId, apiType: 'sql' });
  all.hear('Load Request', told('set'));
  all.hear('Load Request Success', told('set'));
  assert.equal(all.written.length, 0);
  all.hear('Load Request', told('bad'));
  all.hear('SQL API Error', { ...told('bad'), error: 'security context: secret' });
  all.hear('Query Rewrite', { ...told('lost'), query: QUERY });
  all.pass(1000);
  all.records.sweep();
  assert.deepEqual(all.written.map(({ errorType, error }) => [errorType, error]), [
    ['SqlApiError', 'The statement failed.'], ['Abandoned', 'No end was told of the statement.'],
  ]);
  assert.equal(all.records.size, 0);
});

test('names that the model doesn\'t have are the caller\'s own text', () => {
  const all = recorder();
  const { query, id } = begin(all, 'r');
  const nested = [{ or: [{ member: 'hunter2.x' }, { and: [{ dimension: 'customers.y' }, null] }] }];
  ask(all.hear, id, { query: [{ measures: ['hunter2.count', 'orders.a b', null], filters: nested, timeDimensions: [null] }, null, 'text'] });
  answered(all.records, query);
  const [{ cubes, measures, dimensions, filters }] = all.written;
  assert.deepEqual([cubes, measures, dimensions, filters], [['customers'], [], [], 2]);
});

test('over the limit of open queries they are dropped and counted', () => {
  const all = recorder();
  for (let number = 0; number < 10_000; number += 1) begin(all, `r-${number}`);
  assert.equal(all.records.begin('rest', 'more'), null);
  ask(all.hear, 'statement', { apiType: 'sql' });
  assert.ok(all.dropped() >= 2);
  assert.equal(all.records.size, 10_000);
  all.records.lose(begin({ records: recorder().records }, 'x').query);
});
