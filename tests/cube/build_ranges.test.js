'use strict';

// Which moments Cube asks the source for, tried at its own compiler.

process.env.CUBEJS_TESSERACT_SQL_PLANNER = 'false';

const assert = require('node:assert/strict');
const { createRequire } = require('node:module');
const { test } = require('node:test');
const { CompilerApi } = require('@cubejs-backend/server-core/dist/src/core/CompilerApi');
const { askForRangesInUtc } = require('../../floe_cube_infra/cube/build_ranges');

// Cube's own, not what stands in for it where cube.js is only loaded.
const { BaseQuery } = createRequire(require.resolve('@cubejs-backend/schema-compiler'))('./adapter/BaseQuery');

const ORDERS = `cube('orders', {
  sql_table: 'orders',
  joins: { customers: { sql: \`\${CUBE}.customer_id = \${customers}.id\`, relationship: 'many_to_one' } },
  dimensions: { id: { sql: 'id', type: 'number', primary_key: true }, ordered_at: { sql: 'ordered_at', type: 'time' }, joined_at: { sql: \`\${customers.joined_at}\`, type: 'time' } },
  measures: { count: { type: 'count' } },
  pre_aggregations: {
    own: { measures: [CUBE.count], time_dimension: CUBE.ordered_at, granularity: 'day', partition_granularity: 'month' },
    joined: { measures: [CUBE.count], time_dimension: CUBE.joined_at, granularity: 'day', partition_granularity: 'month' },
  },
});
cube('customers', {
  sql_table: 'customers',
  dimensions: { id: { sql: 'id', type: 'number', primary_key: true }, joined_at: { sql: 'joined_at', type: 'time' } },
});`;

const repository = { localPath: () => '.', dataSchemaFiles: async () => [{ fileName: 'orders.js', content: ORDERS }] };
const api = new CompilerApi(repository, async () => 'postgres', { schemaVersion: () => 1, logger: () => {}, compilerCacheSize: 10, maxCompilerCacheKeepAlive: 0 });

/** What is asked for the range, and what builds a partition. */
async function planned(dimension, timezone) {
  const query = { measures: ['orders.count'], timeDimensions: [{ dimension, granularity: 'day' }], timezone };
  const { preAggregations: [rollup] } = await api.getSql(query, { includeDebugInfo: false });
  return { ranges: rollup.preAggregationStartEndQueries.map(([sql]) => sql), load: rollup.loadSql[0] };
}

test('the first and the last moment are asked for in UTC, and days are those of the zone', async () => {
  const before = (await planned('orders.ordered_at', 'America/New_York')).ranges;
  assert.ok(before.every((sql) => sql.includes('America/New_York')), before);
  askForRangesInUtc({ BaseQuery });
  for (const dimension of ['orders.ordered_at', 'orders.joined_at']) {
    const utc = await planned(dimension, 'UTC');
    const { ranges, load } = await planned(dimension, 'America/Los_Angeles');
    assert.deepEqual(ranges, utc.ranges);
    assert.ok(ranges.every((sql) => sql.includes('AT TIME ZONE \'UTC\'')), ranges);
    assert.ok(load.includes('AT TIME ZONE \'America/Los_Angeles\''), load);
  }
});

test('a Cube that has no such method stays as it is', () => {
  class Other {}
  askForRangesInUtc({ BaseQuery: Other });
  askForRangesInUtc({});
  assert.deepEqual(Object.getOwnPropertyNames(Other.prototype), ['constructor']);
});
