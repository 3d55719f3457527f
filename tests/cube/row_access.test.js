'use strict';

const assert = require('node:assert/strict');
const { mock, test } = require('node:test');
const { queryRewriter } = require('../../floe_cube_infra/cube/row_access');
const { clock, NOW, closureOf, contextOf, demanding, filterBy, inSeconds, settingsWith } = require('./samples');

const MODEL = {
  orders: { joins: ['customers'], members: { customer_region: ['customers.region_name'] } },
  customers: { hidden: ['email', 'secret_total'], joins: ['regions'], members: { region_name: ['regions.name'], anything: ['regions'] } },
  regions: { access: { kind: 'filter', filters: [filterBy('owner')] }, joins: ['secrets'] },
  secrets: { access: { kind: 'refused' } },
  calendar: { access: { kind: 'unfiltered' } },
  salaries: { joins: ['calendar'] },
  tickets: { joins: ['orders'] },
  sales: {
    kind: 'view',
    access: { kind: 'unfiltered' },
    members: { total: ['orders.amount'], region: ['orders', 'customers', 'regions.name'], day: ['calendar'], secret: ['secrets'] },
  },
  guarded: { kind: 'view', access: { kind: 'filter', filters: [filterBy('org')] }, members: { total: ['orders.amount'], anything: ['orders'] } },
};

const closure = closureOf(MODEL);
const rewriterWith = (changes, options) => queryRewriter(settingsWith(changes), () => closure, { now: clock, ...options });
const rewrite = rewriterWith({});
const rest = (securityContext = contextOf()) => ({ securityContext, requestId: 'r' });
const sql = (securityContext = contextOf()) => ({ ...rest(securityContext), apiType: 'sql', protocol: 'postgres' });
const refusedWith = (status) => (error) => error.constructor.name === 'CubejsHandlerError' && error.status === status;

const filterOf = (cube, values = ['acme']) => ({ member: `${cube}.${cube === 'regions' ? 'owner' : 'organization_id'}`, operator: 'equals', values });
async function filtered(query, context = rest()) {
  const { filters } = await rewrite(query, context);
  return filters.slice((query.filters ?? []).length).map((filter) => {
    assert.deepEqual(filter, { ...filter, operator: 'equals', values: ['acme'] });
    return filter.member;
  });
}

const leaf = (member, values = ['umbrella']) => ({ member, operator: 'equals', values });
const ORDERS = ['orders.organization_id'];
const BOTH = ['customers.organization_id', 'orders.organization_id'];
const THREE = ['customers.organization_id', 'orders.organization_id', 'regions.owner'];

for (const [what, query, expected] of [
  ['a measure', { measures: ['orders.count'] }, ORDERS],
  ['a dimension', { dimensions: ['orders.status'] }, ORDERS],
  ['a dimension with a granularity', { dimensions: ['orders.created_at.day'] }, ORDERS],
  ['a time dimension', { timeDimensions: [{ dimension: 'orders.created_at', granularity: 'day' }] }, ORDERS],
  ['a segment', { measures: ['calendar.count'], segments: ['orders.paid'] }, ORDERS],
  ['a filter', { measures: ['calendar.count'], filters: [leaf('orders.status')] }, ORDERS],
  ['a filter by its older key', { measures: ['calendar.count'], filters: [{ dimension: 'orders.status', operator: 'set' }] }, ORDERS],
  ['an or-filter with a tautology', { measures: ['orders.count'], filters: [{ or: [leaf('orders.organization_id'), { member: 'orders.id', operator: 'set' }] }] }, ORDERS],
  ['a filter deep inside', { measures: ['calendar.count'], filters: [{ or: [{ and: [{ or: [leaf('calendar.day'), leaf('orders.id')] }] }] }] }, ORDERS],
  ['an order', { measures: ['calendar.count'], order: [['orders.count', 'desc']] }, ORDERS],
  ['an order as an object', { measures: ['calendar.count'], order: { 'orders.count': 'desc' } }, ORDERS],
  ['an order as Cube remaps it', { measures: ['calendar.count'], order: [{ id: 'orders.count', desc: true }] }, ORDERS],
  ['a join hint', { measures: ['calendar.count'], joinHints: [['orders', 'customers']] }, BOTH],
  ['a member that refers to another cube\'s, which refers to a third', { dimensions: ['orders.customer_region'] }, THREE],
  ['a member that refers to a cube', { dimensions: ['customers.anything'] }, ['customers.organization_id', 'regions.owner']],
  ['a join hop of which no member is used', { measures: ['orders.count'], dimensions: ['regions.name'] }, THREE],
  ['two join hops', { measures: ['tickets.count'], dimensions: ['regions.name'] }, [...THREE, 'tickets.organization_id']],
  ['a view\'s member', { measures: ['sales.total'] }, ORDERS],
  ['a view\'s member with its join path', { dimensions: ['sales.region'] }, THREE],
  ['a view with a filter of its own', { measures: ['guarded.total'] }, ['guarded.org', 'orders.organization_id']],
  ['a view\'s member of which it isn\'t said what it reads', { measures: ['guarded.anything'] }, ['customers.organization_id', 'guarded.org', 'orders.organization_id', 'regions.owner']],
  ['an unfiltered cube', { measures: ['calendar.count'] }, []],
  ['an unfiltered cube through a view', { dimensions: ['sales.day'] }, []],
  ['two cubes that can\'t be joined', { measures: ['orders.count', 'salaries.count'] }, ['orders.organization_id', 'salaries.organization_id']],
  ['two measures that only meet in a dimension', { measures: ['orders.count', 'salaries.count'], dimensions: ['regions.name'] }, [...THREE, 'salaries.organization_id']],
]) {
  test(`${what} is filtered by every cube that it reads`, async () => {
    assert.deepEqual(await filtered(query), expected);
  });
}

for (const [what, query] of [
  ['a refused cube', { measures: ['secrets.count'] }],
  ['a refused cube in a filter', { measures: ['orders.count'], filters: [{ or: [leaf('orders.id'), leaf('secrets.id')] }] }],
  ['a refused cube through a view', { dimensions: ['sales.secret'] }],
  ['an unknown cube', { measures: ['nobody.count'] }],
  ['an unknown cube in a join hint', { measures: ['orders.count'], joinHints: [['orders', 'nobody']] }],
  ['an unknown member of a view', { measures: ['sales.nothing'] }],
  ['a cube named like what every object has', { measures: ['constructor.count'] }],
  ['a text that is run as code', { measures: ['{"cubeName":"orders"}'] }],
  ['a text that is run as code, as segment', { measures: ['orders.count'], segments: ['{}'] }],
  ['a name without a cube', { measures: ['count'] }],
  ['an expression outside the SQL API', { measures: [{ cubeName: 'orders', name: 'x', expression: ['orders', 'return `1`'] }] }],
  ['a sub-query join outside the SQL API', { measures: ['orders.count'], subqueryJoins: [{ sql: 'SELECT 1', on: 'orders.id' }] }],
  ['a key that Cube 1.7 doesn\'t know', { measures: ['orders.count'], unionWith: ['secrets.id'] }],
  ['an order by something that is no name', { measures: ['orders.count'], order: [[{ sql: '1' }, 'asc']] }],
  ['a time dimension without a name', { timeDimensions: [null] }],
]) {
  test(`${what} is refused with 403 and a sentence that names nothing`, async () => {
    await assert.rejects(rewrite(query, rest()), (error) => refusedWith(403)(error) && !/secrets|nobody|orders/.test(error.message));
  });
}

test('two thousand different queries, each asked twice, are filtered alike both times', async () => {
  for (const _ of [1, 2]) {
    for (let number = 0; number < 2000; number += 1) {
      assert.deepEqual(await filtered({ measures: [`orders.m${number}`] }), ORDERS);
    }
  }
  assert.deepEqual(await filtered({ measures: ['calendar.m1'] }), []);
});

test('a join hop that is refused is refused', async () => {
  const hop = queryRewriter(settingsWith(), () => closureOf({ a: { joins: ['hop'] }, hop: { access: { kind: 'refused' }, joins: ['b'] }, b: {} }), { now: clock });
  await assert.rejects(hop({ measures: ['a.count'], dimensions: ['b.name'] }, rest()), refusedWith(403));
  assert.equal((await hop({ measures: ['a.count'] }, rest())).filters.length, 1);
});

test('a measure over two cubes is filtered by the hop of its own join, too', async () => {
  const cubes = { root: { joins: ['a', 'b'] }, a: { joins: ['hop'], members: { ratio: ['b.count'] } }, hop: { joins: ['b'] }, b: {} };
  const own = queryRewriter(settingsWith(), () => closureOf(cubes), { now: clock });
  const { filters } = await own({ measures: ['a.ratio'], dimensions: ['root.name'] }, rest());
  assert.ok(filters.some(({ member }) => member === 'hop.organization_id'));
});

for (const [what, query] of [
  ['measures that are no list', { measures: 'orders.count' }],
  ['a filter that is no object', { measures: ['orders.count'], filters: ['orders.id'] }],
  ['a join hint that is no list of names', { measures: ['orders.count'], joinHints: [[1]] }],
  ['more rows than allowed', { measures: ['orders.count'], limit: 10001 }],
]) {
  test(`${what} is a bad query (400)`, async () => {
    await assert.rejects(rewrite(query, rest()), refusedWith(400));
  });
}

test('filters nested beyond all reason are a bad query', async () => {
  let filter = leaf('orders.id');
  for (let depth = 0; depth < 100; depth += 1) filter = { and: [filter] };
  await assert.rejects(rewrite({ measures: ['orders.count'], filters: [filter] }, rest()), refusedWith(400));
});

test('random trees of filters always end with the filters of all their cubes, unchanged otherwise', async () => {
  let seed = 42;
  const random = (below) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  const tree = (depth, cubes) => {
    if (depth === 0 || random(3) === 0) {
      const cube = ['orders', 'tickets', 'calendar'][random(3)];
      cubes.add(cube);
      return random(2) ? leaf(`${cube}.id`) : { dimension: `${cube}.id`, operator: 'set' };
    }
    return { [random(2) ? 'or' : 'and']: Array.from({ length: 1 + random(3) }, () => tree(depth - 1, cubes)) };
  };
  for (let round = 0; round < 300; round += 1) {
    const cubes = new Set();
    const filters = Array.from({ length: 1 + random(3) }, () => tree(5, cubes));
    const query = { measures: ['calendar.count'], filters };
    const before = structuredClone(query);
    const result = await rewrite(query, rest());
    assert.deepEqual(query, before);
    assert.deepEqual(result.filters.slice(0, filters.length), filters);
    const expected = [...cubes].filter((cube) => cube !== 'calendar').sort().map((cube) => filterOf(cube));
    assert.deepEqual(result.filters.slice(filters.length), expected);
  }
});

test('all of a list claim\'s values are allowed, as texts', async () => {
  const { filters } = await rewrite({ measures: ['orders.count'] }, rest(contextOf({ u: { organization_id: ['acme', 7] } })));
  assert.deepEqual(filters, [filterOf('orders', ['acme', '7'])]);
});

test('the given query is never changed, though it be frozen', async () => {
  const query = Object.freeze({ measures: Object.freeze(['orders.count']), filters: Object.freeze([]) });
  const result = await rewrite(query, rest());
  assert.notEqual(result, query);
  result.maskedMembers = undefined; // as Cube does afterwards
});

for (const [what, securityContext] of [
  ['none', undefined],
  ['null', null],
  ['an empty one', {}],
  ['that of the refresh worker', { refresh: true }],
  ['bare claims', { sub: 'ada', u: { organization_id: 'acme' }, exp: inSeconds(60) }],
  ['a made-up one', { filter_claims: { organization_id: ['acme'] }, user_id: 'ada', roles: [], exp: inSeconds(60), seal: 'x' }],
  ['one with another organization put in', { ...contextOf(), filter_claims: { organization_id: ['umbrella'] } }],
  ['one whose end was moved', { ...contextOf({ exp: inSeconds(-1) }), exp: inSeconds(60) }],
]) {
  test(`with ${what} as security context no query is answered`, async () => {
    for (const context of [rest(), sql()]) {
      await assert.rejects(rewrite({ measures: ['calendar.count'] }, { ...context, securityContext }), refusedWith(401));
    }
  });
}

test('no context at all is no way in', async (t) => {
  const log = mock.method(console, 'error', () => {});
  t.after(() => log.mock.restore());
  await assert.rejects(rewrite({ measures: ['calendar.count'] }, undefined), refusedWith(500));
});

test('a session that outlives its token gets no more answers', async () => {
  let now = NOW;
  const later = rewriterWith({}, { now: () => now });
  await later({ measures: ['orders.count'] }, sql());
  now += 60_000;
  await assert.rejects(later({ measures: ['orders.count'] }, sql()), refusedWith(401));
});

test('a context that lacks the claim of a cube gets nothing of that cube', async () => {
  await assert.rejects(rewrite({ measures: ['orders.count'] }, rest(contextOf({}, demanding()))), refusedWith(403));
  await assert.rejects(
    queryRewriter(settingsWith(), () => closureOf({ a: { access: { kind: 'filter', filters: [filterBy('organization_id', 'toString')] } } }), { now: clock })({ measures: ['a.n'] }, rest()),
    refusedWith(403),
  );
});

test('without row-level security nothing is filtered or refused but what could run as code', async () => {
  const open = rewriterWith({ rowLevelSecurity: { enabled: false, claims: [] } });
  const context = rest(contextOf({}, demanding()));
  assert.deepEqual((await open({ measures: ['secrets.count'], limit: 5 }, context)), { measures: ['secrets.count'], limit: 5 });
  await assert.rejects(open({ measures: ['{}'] }, context), refusedWith(403));
  await assert.rejects(open({ measures: ['orders.count'] }, rest({})), refusedWith(401));
});

test('a limit is at most the stack\'s, and that of Cube\'s default is lowered in silence', async () => {
  const small = rewriterWith({ rowLimit: 500 });
  const limitOf = async (limit, context = rest()) => (await small({ measures: ['orders.count'], limit }, context)).limit;
  assert.equal(await limitOf(10_000), 500);
  assert.equal(await limitOf(undefined), 500);
  assert.equal(await limitOf(null), 500);
  assert.equal(await limitOf(20), 20);
  await assert.rejects(limitOf(501), (error) => refusedWith(400)(error) && /at most 500 rows/.test(error.message));
});

test('the SQL API\'s queries keep the limit that they come with', async () => {
  const { limit } = await rewrite({ measures: ['orders.count'], limit: undefined }, sql());
  assert.equal(limit, undefined);
  assert.equal((await rewrite({ measures: ['orders.count'], limit: 50_000 }, sql())).limit, 50_000);
});

// Expressions of the SQL API's pushdown

const expression = (cubeName, text, parameters = [cubeName]) => ({ cubeName, name: 'x', expressionName: 'x', expression: [...parameters, `return \`${text}\``], definition: '{}' });
const patch = (fields) => ({ cubeName: 'orders', name: 'x', expression: { type: 'PatchMeasure', sourceMeasure: 'orders.total', replaceAggregationType: null, addFilters: [], ...fields } });

for (const [what, query, expected] of [
  ['an expression over its own cube', { measures: [expression('orders', 'SUM(${orders.amount})')] }, ORDERS],
  ['an expression that reads nothing', { measures: [expression('orders', 'COUNT(*)')] }, ORDERS],
  ['an expression over two cubes', { measures: [expression('customers', 'SUM(${orders.amount} * 2)', ['customers', 'orders'])] }, BOTH],
  ['an expression as dimension', { dimensions: [expression('calendar', 'UPPER(${ orders.status })', ['orders'])] }, ORDERS],
  ['an expression as segment', { measures: ['calendar.count'], segments: [expression('calendar', '(${orders.id} = 1)', ['calendar', 'orders'])] }, ORDERS],
  ['a parameter that isn\'t read', { measures: [expression('orders', 'COUNT(*)', ['orders', 'secrets'])] }, ORDERS],
  ['a reference through a join path', { dimensions: [expression('orders', '${orders.customers.name}')] }, BOTH],
  ['a reference with a granularity', { dimensions: [expression('orders', '${orders.created_at.day}')] }, ORDERS],
  ['a reference to a member that reads others', { dimensions: [expression('orders', '${orders.customer_region}')] }, THREE],
  ['a whole cube', { measures: [expression('customers', '${customers}')] }, ['customers.organization_id', 'regions.owner']],
  ['a view', { measures: [expression('sales', 'SUM(${sales.total})')] }, ORDERS],
  ['escaped characters', { measures: [expression('orders', '\'\\${secrets.id} \\` \\\\\' $1$ $')] }, ORDERS],
  ['a patched measure', { measures: [patch({})] }, ORDERS],
  ['a patched measure\'s filters', { measures: [patch({ addFilters: [['customers', 'return `${customers.name} = 1`']] })] }, BOTH],
  ['a patched measure of another cube', { measures: [{ ...patch({ sourceMeasure: 'tickets.total' }), cubeName: 'calendar' }] }, ['tickets.organization_id']],
  ['a patched measure without its cube\'s name', { measures: [patch({ sourceMeasure: 'total' })] }, ORDERS],
  ['a sub-query join\'s condition', { measures: ['calendar.count'], subqueryJoins: [{ sql: 'SELECT 1', alias: 's', joinType: 'INNER', on: expression('calendar', '${orders.id} = s.id', ['orders']) }] }, ORDERS],
  ['an order by an expression\'s name', { measures: [expression('orders', '1')], order: [['x', 'asc']] }, ORDERS],
]) {
  test(`in the SQL API, ${what} is filtered by every cube that it reads`, async () => {
    assert.deepEqual(await filtered(query, sql()), expected);
  });
}

for (const [what, member] of [
  ['a refused cube', expression('orders', '${secrets.id}', ['orders', 'secrets'])],
  ['an unknown cube', expression('nobody', '1')],
  ['a reference to something that is no parameter', expression('orders', '${process.env}')],
  ['code in a hole', expression('orders', '${orders.amount + 1}')],
  ['a call in a hole', expression('orders', '${orders.constructor("x")()}')],
  ['a hole in a hole', expression('orders', '${orders.a${orders.b}}')],
  ['a hole that never closes', expression('orders', '${orders.amount')],
  ['a template that ends early', expression('orders', '`+process.env.SECRET+`')],
  ['a backslash at the end', expression('orders', 'x\\')],
  ['an index in a hole', expression('orders', '${orders["amount"]}')],
  ['text that is no template', { cubeName: 'orders', name: 'x', expression: ['orders', 'process.exit()'] }],
  ['a parameter with a default', { cubeName: 'orders', name: 'x', expression: ['orders=process.exit()', 'return `1`'] }],
  ['no text', { cubeName: 'orders', name: 'x', expression: [] }],
  ['parts that are no texts', { cubeName: 'orders', name: 'x', expression: [1] }],
  ['a function', { cubeName: 'orders', name: 'x', expression: () => '1' }],
  ['no expression', { cubeName: 'orders', name: 'x' }],
  ['no cube', { name: 'x', expression: ['orders', 'return `1`'] }],
  ['a patch of another type', patch({ type: 'Other' })],
  ['a patch of no measure', patch({ sourceMeasure: '{}' })],
  ['a patch of something that is no text', patch({ sourceMeasure: {} })],
  ['a patch whose filters are no list', patch({ addFilters: 'x' })],
  ['a patch whose filter is no list', patch({ addFilters: ['x'] })],
]) {
  test(`in the SQL API, an expression with ${what} is refused`, async () => {
    for (const place of ['measures', 'dimensions', 'segments']) {
      await assert.rejects(rewrite({ [place]: [member] }, sql()), refusedWith(403));
    }
    await assert.rejects(rewrite({ subqueryJoins: [{ on: member }] }, sql()), refusedWith(403));
  });
}

test('a sub-query join without a condition is refused', async () => {
  await assert.rejects(rewrite({ measures: ['orders.count'], subqueryJoins: [{ sql: 'SELECT 1' }] }, sql()), refusedWith(403));
});

for (const [where, query] of [
  ['in a filter', { measures: ['customers.count'], filters: [{ member: 'customers.email', operator: 'startsWith', values: ['a'] }] }],
  ['deep in a filter', { measures: ['customers.count'], filters: [{ or: [{ and: [leaf('customers.email')] }, leaf('customers.city')] }] }],
  ['as a dimension', { dimensions: ['customers.email'] }],
  ['as a measure', { measures: ['customers.secret_total'] }],
  ['as a time dimension', { measures: ['customers.count'], timeDimensions: [{ dimension: 'customers.email', dateRange: ['2026-01-01', '2026-01-02'] }] }],
  ['to sort by', { dimensions: ['customers.city'], order: [['customers.email', 'asc']] }],
]) {
  test(`a hidden member ${where} is one that isn\'t there, rows filtered or not`, async () => {
    await assert.rejects(rewrite(query, rest()), refusedWith(400));
    await assert.rejects(rewriterWith({ rowLevelSecurity: { enabled: false, claims: [] } })(query, rest()), refusedWith(400));
  });
}

test('a hidden member in an expression of the SQL API is refused', async () => {
  const expression = ['customers', 'return `COUNT(DISTINCT ${customers.email})`'];
  const query = { measures: [{ cubeName: 'customers', name: 'e', expression, definition: '' }] };
  await assert.rejects(rewrite(query, sql()), refusedWith(400));
});
