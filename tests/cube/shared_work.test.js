'use strict';

// What Cube keeps across requests, tried at its own CompilerApi: the same answers, and never those of somebody else.

// The planner that needs no addon; both have the same members.
process.env.CUBEJS_TESSERACT_SQL_PLANNER = 'false';

const assert = require('node:assert/strict');
const path = require('node:path');
const { test } = require('node:test');
const { CompilerApi } = require('@cubejs-backend/server-core/dist/src/core/CompilerApi');
const { shareWork } = require('../../floe_cube_infra/cube/shared_work');

// For cubes, as the translation writes them: a row filter for all, and members that only a group sees.
const ORDERS = `cube('orders', {
  sql_table: 'orders',
  dimensions: { id: { sql: 'id', type: 'number', primary_key: true }, org: { sql: 'org', type: 'number' }, secret: { sql: 'secret', type: 'string' } },
  measures: { count: { type: 'count' } },
  access_policy: [
    { group: '*', member_level: { excludes: ['secret'] }, row_level: { filters: [{ member: 'org', operator: 'equals', values: ({ securityContext }) => securityContext.orgs }] } },
    { group: 'insiders', row_level: { filters: [{ member: 'org', operator: 'equals', values: ({ securityContext }) => securityContext.orgs }] } },
  ],
});`;
const WITH_CONDITION = ORDERS.replace('{ group: \'insiders\',', '{ group: \'insiders\', conditions: [{ if: ({ securityContext }) => securityContext.isTrusted }],');

class Sharing extends CompilerApi {}
// Its own methods, so that `CompilerApi` stays as Cube has it.
for (const name of ['getCompilers', 'getGroupsFromContext', 'getSql', 'patchVisibilityByAccessPolicy']) Sharing.prototype[name] = CompilerApi.prototype[name];
shareWork({ CompilerApi: Sharing });

let content = ORDERS;
let version = 'without a condition';
function compilerApi(Class) {
  const repository = { localPath: () => '.', dataSchemaFiles: async () => [{ fileName: 'orders.js', content }] };
  return new Class(repository, async () => 'postgres', {
    sqlCache: true, contextToGroups: ({ securityContext }) => securityContext.groups, schemaVersion: () => version, logger: () => {}, compilerCacheSize: 10, maxCompilerCacheKeepAlive: 0,
  });
}

let requests = 0;
const contextOf = (orgs, groups = [], more = {}) => ({ requestId: `request-${requests += 1}`, securityContext: { orgs, groups, ...more } });
const queryOf = (...dimensions) => ({ measures: ['orders.count'], dimensions, filters: [], timezone: 'UTC' });

async function rewritten(api, query, context) {
  const given = structuredClone(query);
  return api.applyRowLevelSecurity(given, given, context);
}
async function visibleTo(api, context) {
  const [{ config }] = await api.metaConfig(context, { requestId: context.requestId });
  return config.dimensions.filter(({ isVisible }) => isVisible).map(({ name }) => name);
}
/** The plans that Cube holds for a query. */
async function plansOf(api, query) {
  const { compilerCache } = await api.getCompilers();
  return [...compilerCache.queryCache.keys()].map(JSON.parse).filter((key) => JSON.stringify(key.query?.dimensions) === JSON.stringify(query.dimensions)).length;
}

// Compiled once: what one test leaves behind is what others may meet.
const own = compilerApi(CompilerApi);
const shared = compilerApi(Sharing);

test('what is changed is what the server of this Cube runs', () => {
  // As the package gives it, past the stand-in that other tests load.
  const server = require(path.dirname(require.resolve('@cubejs-backend/server-core/package.json')));
  assert.equal(server.CompilerApi, CompilerApi);
});

test('each request is filtered as Cube alone filters it', async () => {
  for (const orgs of [['1'], ['2'], ['1', '2'], []]) {
    for (const groups of [[], ['insiders'], ['others']]) {
      for (const query of [queryOf('orders.org'), queryOf('orders.secret')]) {
        const [expected, found] = await Promise.all([own, shared].map((api) => rewritten(api, query, contextOf(orgs, groups))));
        assert.equal(JSON.stringify(found), JSON.stringify(expected));
      }
    }
  }
});

test('the plan is made once for all who ask the same, and their values are their own', async () => {
  for (const api of [own, shared]) {
    for (const org of ['1', '2', '3']) {
      const { query } = await rewritten(api, queryOf('orders.id', 'orders.org'), contextOf([org]));
      assert.deepEqual(query.filters, [{ member: 'orders.org', operator: 'equals', values: [org] }]);
    }
  }
  assert.equal(await plansOf(shared, queryOf('orders.id', 'orders.org')), 1);
  // As long as Cube alone makes one for each request there is something to share.
  assert.equal(await plansOf(own, queryOf('orders.id', 'orders.org')), 3);
});

test('members are visible by the groups that each caller has', async () => {
  for (const _ of [1, 2]) {
    for (const groups of [[], ['insiders'], ['others'], ['insiders', 'others'], ['others', 'insiders']]) {
      const [expected, found] = await Promise.all([own, shared].map((api) => visibleTo(api, contextOf(['1'], groups))));
      assert.deepEqual(found, expected);
      assert.equal(found.includes('orders.secret'), groups.includes('insiders'));
    }
  }
});

test('visibility is worked out once for all with the same groups, in any order', async () => {
  const metaOf = (org, groups) => shared.metaConfig(contextOf([org], groups));
  assert.equal(await metaOf('1', ['a', 'b']), await metaOf('2', ['b', 'a']));
  assert.notEqual(await metaOf('1', ['a', 'b']), await metaOf('1', ['a']));
});

test('a changed model has plans and visibilities of its own', async () => {
  const query = queryOf('orders.id');
  const before = await shared.metaConfig(contextOf(['1']));
  await rewritten(shared, query, contextOf(['1']));
  content = WITH_CONDITION;
  version = 'with a condition';
  assert.notEqual(await shared.metaConfig(contextOf(['1'])), before);
  assert.equal(await plansOf(shared, query), 0);
  await rewritten(shared, query, contextOf(['1']));
  assert.equal(await plansOf(shared, query), 1);
});

test('where policies have conditions, each request is asked about', async () => {
  for (const isTrusted of [true, false, true, false]) {
    const seen = await visibleTo(shared, contextOf(['1'], ['insiders'], { isTrusted }));
    assert.equal(seen.includes('orders.secret'), isTrusted);
  }
});

/** A server whose getSql counts and answers with what it was asked. */
function counting({ fail = false } = {}) {
  const asked = [];
  class Stub {}
  Object.assign(Stub.prototype, {
    getCompilers: async () => Stub,
    getGroupsFromContext: () => {},
    patchVisibilityByAccessPolicy: () => {},
    getSql: async (query, options) => {
      asked.push([query, options]);
      if (fail) throw new Error('no such member');
      return { memberNames: [JSON.stringify(query)] };
    },
  });
  shareWork({ CompilerApi: Stub });
  return { api: new Stub(), asked };
}

test('queries with functions in them are never taken for one another', async () => {
  const { api, asked } = counting();
  const withExpression = (amount) => ({ measures: [{ cubeName: 'orders', name: 'sum', expression: () => amount }] });
  for (const amount of [1, 2]) await api.getSql(withExpression(amount), { requestId: 'r' });
  assert.deepEqual(asked.map(([{ measures }]) => measures[0].expression()), [1, 2]);
  assert.deepEqual(asked.map(([, options]) => options), [{ requestId: 'r' }, { requestId: 'r' }]);
});

test('what is asked for other reasons is left to Cube', async () => {
  const { api, asked } = counting();
  const others = [undefined, {}, { includeDebugInfo: true }, { requestId: 'r', preAggregationsOnly: true }];
  for (const options of [...others, ...others]) await api.getSql(queryOf(), options);
  assert.deepEqual(asked.map(([, options]) => options), [...others, ...others]);
});

test('a failure is not kept, nor is a very long query, and never more than a thousand', async () => {
  const failing = counting({ fail: true });
  for (const _ of [1, 2]) await assert.rejects(failing.api.getSql(queryOf(), { requestId: 'r' }), /no such member/);
  assert.equal(failing.asked.length, 2);
  const { api, asked } = counting();
  for (const _ of [1, 2]) await api.getSql(queryOf('orders.id'.repeat(2000)), { requestId: 'r' });
  assert.equal(asked.length, 2);
  for (let number = 0; number <= 1000; number += 1) await api.getSql(queryOf(`orders.d${number}`), { requestId: 'r' });
  await api.getSql(queryOf('orders.d0'), { requestId: 'r' });
  assert.equal(asked.length, 2 + 1001 + 1);
});

test('a Cube without these methods is left as it is', () => {
  class Other {
    getSql() {}
  }
  const { getSql } = Other.prototype;
  shareWork({ CompilerApi: Other });
  shareWork({});
  assert.equal(Other.prototype.getSql, getSql);
});
