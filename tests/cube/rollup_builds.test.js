'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { RollupBuilds } = require('../../floe_cube_infra/cube/rollup_builds');

function builds() {
  const written = [];
  let now = 0;
  const heard = new RollupBuilds({ write: (record) => written.push(record), now: () => (now += 10) });
  return { written, hear: heard.hear };
}
const BUILD = { queuePrefix: 'SQL_PRE_AGGREGATIONS_STANDALONE_default', queueId: 1, preAggregationId: 'orders.by_day', requestId: 'scheduler-1' };

test('a build is told once it has ended, with its rollup and its time', () => {
  const { written, hear } = builds();
  hear('Performing query', BUILD);
  hear('Query processing heartbeat', BUILD);
  assert.deepEqual(written, []);
  hear('Performing query completed', BUILD);
  hear('Performing query completed', BUILD);
  assert.deepEqual(written, [{ kind: 'build', preAggregation: 'orders.by_day', during: [10, 20] }]);
});

test('a build that failed says why, without values', () => {
  const { written, hear } = builds();
  hear('Performing query', BUILD);
  hear('Error while querying', { ...BUILD, error: "error: invalid input for 'ada@example.com'\n    at stack" });
  assert.deepEqual([written[0].errorType, written[0].error], ['DatabaseError', "error: invalid input for '?'"]);
});

test('several at once are told apart, and queries are none', () => {
  const { written, hear } = builds();
  hear('Performing query', BUILD);
  hear('Performing query', { ...BUILD, queueId: 2, preAggregationId: 'orders.by_month' });
  hear('Performing query', { queuePrefix: 'SQL_QUERY_STANDALONE_default', queueId: 1, requestId: 'one' });
  hear('Performing query completed', { ...BUILD, queueId: 2, preAggregationId: 'orders.by_month' });
  hear('Performing query completed', { queuePrefix: 'SQL_QUERY_STANDALONE_default', queueId: 1, requestId: 'one' });
  hear('Server Start', {});
  assert.deepEqual(written.map(({ preAggregation, during }) => [preAggregation, during]), [['orders.by_month', [20, 30]]]);
});

test('what never ends takes no more room than a thousand', () => {
  const { written, hear } = builds();
  for (let queueId = 0; queueId < 1001; queueId += 1) hear('Performing query', { ...BUILD, queueId });
  hear('Performing query completed', { ...BUILD, queueId: 1000 });
  hear('Performing query completed', { ...BUILD, queueId: 999 });
  assert.equal(written.length, 1);
});
