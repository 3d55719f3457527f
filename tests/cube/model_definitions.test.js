'use strict';

// YAML as people review it becomes the objects that Cube compiles; tests/compile holds both beside each other.

const assert = require('node:assert/strict');
const { createRequire } = require('node:module');
const { test } = require('node:test');
const { declare, declaredModel, SCRIPT } = require('../../floe_cube_infra/cube/declared_model');
const { cubeTables, modelDefinitions } = require('../../floe_cube_infra/cube/model_definitions');
const { modelErrors } = require('../../floe_cube_infra/cube/model_compiler');

const { load } = createRequire(require.resolve('@cubejs-backend/schema-compiler'))('js-yaml');
const tables = cubeTables();
const ORDERS = `cubes:
  - name: orders
    sql_table: shop.orders
    dimensions:
      - name: id
        sql: '{CUBE}.id'
        type: string
        primary_key: true
`;
const file = (content, fileName = 'cubes/orders.yml') => ({ fileName, content });
const read = (...contents) => modelDefinitions(contents.map((content, index) => file(content, `${index}.yml`)), load, tables);

test('keys, lists and texts become what Cube makes of them', () => {
  const [{ kind, name, fileName, definition }] = read(`${ORDERS}
      - name: day
        sql: '{CUBE}.day'
        type: time
        granularities: [{name: fiscal, interval: 1 year, offset: 2 months}]
    measures:
      - {name: count, type: count, drill_members: [CUBE.id, CUBE.day]}
    pre_aggregations:
      - {name: days, measures: [CUBE.count], time_dimension: CUBE.day, granularity: day, indexes: [{name: i, columns: [CUBE.id]}]}
    meta: {team: null, tags: [a, 1, true]}
    access_policy:
      - group: '*'
        row_level: {filters: [{member: CUBE.id, operator: equals, values: '{ securityContext.filter_claims.id }'}]}
`).definitions;
  assert.deepEqual([kind, name, fileName], ['cube', 'orders', '0.yml']);
  const texts = JSON.parse(JSON.stringify(definition, (_, value) => (typeof value === 'function' ? String(value) : value)));
  assert.deepEqual(texts, {
    name: 'orders',
    sqlTable: '() => `shop.orders`',
    dimensions: {
      id: { sql: '(CUBE) => `${CUBE}.id`', type: 'string', primaryKey: true },
      day: { sql: '(CUBE) => `${CUBE}.day`', type: 'time', granularities: { fiscal: { interval: '1 year', offset: '2 months' } } },
    },
    measures: { count: { type: 'count', drillMembers: '(CUBE) => [CUBE.id, CUBE.day]' } },
    preAggregations: {
      days: {
        measures: '(CUBE) => [CUBE.count]', timeDimension: '(CUBE) => CUBE.day', granularity: 'day', indexes: { i: { columns: '(CUBE) => [CUBE.id]' } },
      },
    },
    segments: {},
    hierarchies: {},
    joins: [],
    meta: { team: null, tags: ['a', 1, true] },
    accessPolicy: [{
      group: '*',
      rowLevel: { filters: [{ member: '(CUBE) => CUBE.id', operator: 'equals', values: '(securityContext) => securityContext.filter_claims.id' }] },
    }],
  });
});

test('a cube in a role knows the members of what it extends', () => {
  const role = 'cubes:\n  - name: returns\n    extends: orders\n    segments: [{name: some, sql: "{id} IS NOT NULL"}]\n';
  const { definitions, left } = read(ORDERS, role);
  assert.deepEqual(left, []);
  assert.equal(String(definitions[1].definition.extends), '(orders) => orders');
  assert.equal(String(definitions[1].definition.segments.some.sql), '(id) => `${id} IS NOT NULL`');
});

test('cubes that extend each other come to an end', () => {
  assert.equal(read('cubes: [{name: a, extends: b}, {name: b, extends: a}]').definitions.length, 2);
});

for (const [what, content, reason] of [
  ['no YAML', 'cubes: [', /flow collection|end of the stream/],
  ['nothing', '', /no mapping/],
  ['a list', '- a', /the key 0/],
  ['a key of its own', 'things: []', /the key things/],
  ['a Jinja template', `${ORDERS}    description: "{{ x }}"`, /Jinja/],
  ['a cube without a name', 'cubes: [{title: x}]', /no name/],
  ['a member without a name', 'cubes: [{name: a, measures: [{type: count}]}]', /the name undefined/],
  ['a member twice', 'cubes: [{name: a, measures: [{name: n, type: count}, {name: n, type: count}]}]', /the name n/],
  ['members that are no list', 'cubes: [{name: a, measures: {n: {type: count} } }]', /no list/],
  ['joins that are no list', 'cubes: [{name: a, joins: {b: {} } }]', /joins/],
  ['an empty SQL', 'cubes: [{name: a, sql: ""}]', /sql is neither/],
  ['a date', 'cubes: [{name: a, title: 2026-01-01}]', /title is/],
  ['nothing where something is expected', 'cubes: [{name: a, title: null}]', /title is null/],
  ['a reference in a description', 'cubes: [{name: a, description: "{CUBE}"}]', /reference/],
  ['code that is run', 'cubes: [{name: a, public: process.exit()}]', /can't read/],
  ['a key that Cube takes for another', 'cubes: [{name: a, meta: {extends_it: 1} }]', /the key extends_it/],
  ['a prototype', 'cubes: [{name: a, meta: {__proto__: {x: 1} } }]', /the key __proto__/],
  ['values of another kind', 'cubes: [{name: a, access_policy: [{group: x, row_level: {filters: [{member: CUBE.x, operator: equals, values: [[1]]}] } }] }]', /a value 1/],
]) {
  test(`a file with ${what} is left to Cube, and the others are not`, () => {
    const { definitions, left } = read(content, ORDERS);
    assert.deepEqual(definitions.map(({ name }) => name), ['orders']);
    assert.equal(left.length, 1);
    assert.match(left[0].reason, reason);
  });
}

const declaredBy = (version, variant = '0') => {
  const found = [];
  declare(version, variant, (name, cube) => found.push([name, cube]), () => {});
  return found;
};

test('Cube is handed one script for all cubes, and gets copies that it may change', () => {
  const { files, places, left } = declaredModel('abc', '0', [file(ORDERS)]);
  assert.deepEqual(files.map(({ fileName }) => fileName), [SCRIPT]);
  assert.match(files[0].content, /^require\("[^"]+declared_model\.js"\)\.declare\("abc", "0", cube, view\);\n$/);
  assert.deepEqual([...places], [['orders', 'cubes/orders.yml']]);
  assert.deepEqual(left, []);
  const [[, first]] = declaredBy('abc');
  first.dimensions.id.type = 'number';
  assert.equal(declaredBy('abc')[0][1].dimensions.id.type, 'string');
});

test('the reading before the last is forgotten, and the last but one is not, which may be compiling', () => {
  for (const version of ['1', '2', '3']) declaredModel(version, '0', [file(ORDERS)]);
  assert.equal(declaredBy('2').length, 1);
  assert.throws(() => declaredBy('1'));
});

test('the variants of a version stay as long as it does', () => {
  declaredModel('4', '0', [file(ORDERS)]);
  declaredModel('4', '1', [file(ORDERS.replace('name: orders', 'name: lines'))]);
  assert.deepEqual(['0', '1'].map((variant) => declaredBy('4', variant)[0][0]), ['orders', 'lines']);
});

test('views are declared as views', () => {
  declaredModel('v', '0', [file('views:\n  - name: all\n    cubes: [{join_path: orders, includes: "*"}]\n')]);
  const views = [];
  declare('v', '0', () => assert.fail(), (name) => views.push(name));
  assert.deepEqual(views, ['all']);
});

test('what can\'t be translated reaches Cube as it is, as does everything where Cube is of another version', () => {
  const odd = file('cubes: [{name: a, title: 2026-01-01}]', 'a.yml');
  assert.deepEqual(declaredModel('x', '0', [file(ORDERS), odd]).files.slice(1), [odd]);
  assert.deepEqual(declaredModel('x', '0', [odd]).files, [odd]);
  const { files, left } = declaredModel('x', '0', [file(ORDERS)], null);
  assert.deepEqual(files, [file(ORDERS)]);
  assert.equal(left.length, 1);
});

const errorsOf = (...files) => modelErrors(declaredModel('e', '0', files));

test('Cube takes a good model', async () => assert.deepEqual(await errorsOf(file(ORDERS)), []));

for (const [what, content, expected] of [
  ['a wrong key', `${ORDERS}    titel: x\n`, /^cubes\/orders\.yml: orders cube: .*titel/],
  ['a wrong type', ORDERS.replace('type: string', 'type: text'), /^cubes\/orders\.yml: orders cube: .*dimensions\.id/],
  ['a name that isn\'t there', ORDERS.replace('{CUBE}', '{nowhere}'), /^cubes\/orders\.yml: nowhere is not defined$/],
  ['a name that isn\'t there, in a text', `${ORDERS}    description: see {nowhere}\n`, /^cubes\/orders\.yml: nowhere is not defined$/],
  ['no YAML', `${ORDERS}  - [`, /^cubes\/orders\.yml: unexpected end of the stream/],
]) {
  test(`${what} is told with the file`, async () => {
    const errors = await errorsOf(file(ORDERS.replace('name: orders', 'name: good'), 'cubes/good.yml'), file(content));
    assert.ok(errors.some((error) => expected.test(error)), errors.join('\n'));
  });
}
