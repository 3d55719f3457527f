'use strict';

// How a query goes on where its rollup can't be read: planned by Cube's own CompilerApi, asked of stand-ins that tell
// what they were asked. The real servers are in tests/real/cube/test_unbuilt_rollups.py.

process.env.CUBEJS_TESSERACT_SQL_PLANNER = 'false';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { CompilerApi } = require('@cubejs-backend/server-core/dist/src/core/CompilerApi');
const { UNUSED, fallBackToSource } = require('../../floe_cube_infra/cube/source_fallback');

const ORDERS = `cube('orders', {
  sql_table: 'orders',
  dimensions: { id: { sql: 'id', type: 'number', primary_key: true }, org: { sql: 'org', type: 'number' }, status: { sql: 'status', type: 'string' } },
  measures: { count: { type: 'count' } },
  pre_aggregations: { by_status: { measures: [CUBE.count], dimensions: [CUBE.org, CUBE.status], external: false } },
});`;

class ContinueWaitError extends Error {}

/** Cube's planner, changed as in each of the parts below. */
class Planning extends CompilerApi {}
Planning.prototype.getSql = CompilerApi.prototype.getSql;

/** Cube's parts as they are to be changed; the rollup's fate is told to each. */
function parts({ loads = async () => null, asks }) {
  class QueryOrchestrator {
    asked = [];
    logged = [];
    logger = (message, params) => this.logged.push({ message, ...params });
    async fetchQuery(body) {
      this.asked.push(body);
      return asks(body);
    }
    async streamQuery(body) {
      this.asked.push(body);
      return asks(body);
    }
  }
  class PreAggregationLoader {
    preAggregation = { tableName: 'rollups.orders_by_status' };
  }
  PreAggregationLoader.prototype.loadPreAggregation = loads;
  class PreAggregationLoadCache {
    async tablesFromCache(_, forceRenew) {
      return forceRenew;
    }
  }
  return { CompilerApi: class { getSql() {} }, QueryOrchestrator, PreAggregationLoader, PreAggregationLoadCache, ContinueWaitError };
}

const needsRollup = (body) => {
  if (body.preAggregations.length > 0) throw new Error('rollups.orders_by_status is not built');
  return { data: [], of: body.query };
};

const QUERY = { measures: ['orders.count'], dimensions: ['orders.status'], filters: [{ member: 'orders.org', operator: 'equals', values: ['7'] }], timezone: 'UTC', requestId: 'one' };

fallBackToSource({ ...parts({}), CompilerApi: Planning });
const repository = { localPath: () => '.', dataSchemaFiles: async () => [{ fileName: 'orders.js', content: ORDERS }] };
const api = new Planning(repository, async () => 'postgres', {
  sqlCache: true, schemaVersion: () => 'one', logger: () => {}, compilerCacheSize: 10, maxCompilerCacheKeepAlive: 0, preAggregationsSchema: 'rollups',
});

async function planned(query = QUERY) {
  const plan = await api.getSql(query);
  return { ...plan, query: plan.sql[0], values: plan.sql[1], requestId: query.requestId };
}

for (const method of ['fetchQuery', 'streamQuery']) {
  test(`${method}: a rollup that can't be read is left out, and the row filter is not`, async () => {
    const found = parts({ asks: needsRollup });
    fallBackToSource(found);
    const body = await planned();
    assert.match(body.query, /rollups\.orders_by_status/);
    const orchestrator = new found.QueryOrchestrator();
    const answer = await orchestrator[method](body);
    assert.match(answer.of, /FROM\s+orders AS "orders"/);
    assert.doesNotMatch(answer.of, /rollups/);
    const [, second] = orchestrator.asked;
    assert.match(second.query, /"orders"\.org = \$1/);
    assert.deepEqual([second.values, second.preAggregations, second.external], [['7'], [], false]);
    assert.deepEqual(orchestrator.logged.map(({ message, requestId, preAggregationId }) => [message, requestId, preAggregationId]), [[UNUSED, 'one', 'orders.by_status']]);
  });
}

test('plans with and without rollups are never mixed up', async () => {
  const found = parts({ asks: needsRollup });
  fallBackToSource(found);
  const [first, orchestrator] = [await planned(), new found.QueryOrchestrator()];
  await orchestrator.fetchQuery(first);
  assert.equal((await planned()).query, first.query);
  const other = { ...QUERY, filters: [{ ...QUERY.filters[0], values: ['8'] }] };
  await orchestrator.fetchQuery(await planned(other));
  assert.deepEqual(orchestrator.asked.at(-1).values, ['8']);
});

test('what waits, takes too long, builds, or is another statement fails as ever', async () => {
  const waiting = new ContinueWaitError('Continue wait');
  const tooLong = new Error('Query execution timeout after 10 min of waiting');
  const failed = new Error('no such table');
  for (const [error, more] of [
    [waiting, {}], [tooLong, {}], [failed, { scheduledRefresh: true }], [failed, { isJob: true }], [failed, { query: 'SELECT 1' }],
    [failed, { query: undefined }], [failed, { preAggregations: [] }], [failed, { preAggregations: undefined }],
  ]) {
    const found = parts({ asks: () => { throw error; } });
    fallBackToSource(found);
    const orchestrator = new found.QueryOrchestrator();
    await assert.rejects(orchestrator.fetchQuery({ ...await planned(), ...more }), error);
    assert.deepEqual([orchestrator.asked.length, orchestrator.logged], [1, []]);
  }
});

test('in rollup-only mode nothing but a rollup answers', async () => {
  const found = parts({ asks: needsRollup });
  fallBackToSource(found);
  const orchestrator = Object.assign(new found.QueryOrchestrator(), { rollupOnlyMode: true });
  const body = await planned();
  await assert.rejects(orchestrator.fetchQuery(body), { status: 503, message: /not there at the moment/ });
  assert.deepEqual(orchestrator.logged.map(({ message }) => message), [UNUSED]);
  const unmatched = parts({ asks: () => { throw new Error('No pre-aggregation table has been built for this query yet.'); } });
  fallBackToSource(unmatched);
  const another = Object.assign(new unmatched.QueryOrchestrator(), { rollupOnlyMode: true });
  await assert.rejects(another.fetchQuery({ ...body, preAggregations: [] }), { status: 400, message: /No rollup has all/ });
});

test('a partition that is missing is an error, whatever Cube would make of it', async () => {
  const asked = [];
  const found = parts({ asks: needsRollup, loads: async (isThrowing) => { asked.push(isThrowing); return null; } });
  fallBackToSource(found);
  await assert.rejects(new found.PreAggregationLoader().loadPreAggregation(true), /rollups\.orders_by_status is not built/);
  assert.deepEqual(asked, [false]);
  const built = parts({ asks: needsRollup, loads: async () => ({ targetTableName: 'a_table' }) });
  fallBackToSource(built);
  assert.deepEqual(await new built.PreAggregationLoader().loadPreAggregation(true), { targetTableName: 'a_table' });
});

test('the list of tables is read anew once it was wrong, and not for each query', async () => {
  let now = 0;
  const found = parts({ asks: needsRollup });
  fallBackToSource(found, { now: () => now });
  const [orchestrator, cache] = [new found.QueryOrchestrator(), new found.PreAggregationLoadCache()];
  const body = await planned();
  const [rollup] = body.preAggregations;
  const reads = async () => Boolean(await cache.tablesFromCache(rollup));
  assert.equal(await reads(), false);
  await orchestrator.fetchQuery(body);
  assert.deepEqual([await reads(), await reads()], [true, false]);
  await orchestrator.fetchQuery(body);
  assert.equal(await reads(), false);
  now = 6000;
  assert.equal(await reads(), true);
  assert.equal(await cache.tablesFromCache(rollup, true), true);
});

test('a Cube with other methods is left as it is, and says so', (t) => {
  const warned = t.mock.method(console, 'warn', () => {});
  const found = parts({ asks: needsRollup });
  const { fetchQuery } = found.QueryOrchestrator.prototype;
  fallBackToSource({ ...found, PreAggregationLoadCache: class {} });
  assert.equal(found.QueryOrchestrator.prototype.fetchQuery, fetchQuery);
  assert.match(warned.mock.calls[0].arguments[0], /This Cube has no tablesFromCache: /);
  fallBackToSource({});
  assert.equal(warned.mock.callCount(), 1);
});
