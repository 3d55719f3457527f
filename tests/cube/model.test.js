'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { mock, test } = require('node:test');
const { accessRules } = require('../../floe_cube_infra/cube/access_rules');
const { StartError } = require('../../floe_cube_infra/cube/errors');
const { openModel } = require('../../floe_cube_infra/cube/model_version');
const { NOW, byOrganization, filterBy, settingsWith } = require('./samples');

const ruleOf = (name, changes = {}) => ({ name, kind: 'cube', access: byOrganization, hidden: [], clear: {}, joins: [], members: {}, ...changes });
const fileOf = (rule, content = JSON.stringify(rule)) => ({ fileName: `shard-0/${rule.name}.access.json`, content });

// A ConfigMap's mount: files are links to ..data, which is a link to a hidden folder with the real ones.
function mount(folder, files, revision = '..2026_01_01') {
  const real = path.join(folder, revision);
  fs.mkdirSync(real, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    fs.writeFileSync(path.join(real, name), content);
    fs.rmSync(path.join(folder, name), { force: true });
    fs.symlinkSync(path.join('..data', name), path.join(folder, name));
  }
  fs.rmSync(path.join(folder, '..data'), { force: true });
  fs.symlinkSync(revision, path.join(folder, '..data'));
}
const model = (...names) => Object.fromEntries(names.flatMap((name) => [
  [`${name}.yml`, `cubes:\n  - name: ${name}\n`],
  [`${name}.access.json`, JSON.stringify(ruleOf(name))],
]));

function folderFor(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'model-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  return folder;
}
const saying = (pattern) => (error) => error instanceof StartError && pattern.test(error.message);

test('the files of all shards are read once each, through the links of their mounts, in a stable order', (t) => {
  const folder = folderFor(t);
  mount(path.join(folder, 'shard-1'), model('customers'));
  mount(path.join(folder, 'shard-0'), { ...model('orders', 'regions'), 'README.md': 'x' });
  const opened = openModel(folder, settingsWith());
  assert.deepEqual([...opened.declared().places], [['orders', 'shard-0/orders.yml'], ['regions', 'shard-0/regions.yml'], ['customers', 'shard-1/customers.yml']]);
  assert.deepEqual(opened.files().map(({ fileName }) => fileName), ['floe_model.js']);
  assert.equal(opened.files(), opened.files());
  assert.deepEqual(['orders', 'customers', 'nobody'].map((name) => opened.closure().has(name)), [true, true, false]);
});

test('the version changes with any file and only then, not with the folders that they lie in', (t) => {
  const [one, same, other] = [folderFor(t), folderFor(t), folderFor(t)];
  mount(one, model('orders'));
  mount(path.join(same, 'shard-0'), model('orders'), '..2026_02_02');
  mount(other, { ...model('orders'), 'orders.access.json': JSON.stringify(ruleOf('orders', { access: { kind: 'refused' } })) });
  const versions = [one, same, other].map((folder) => openModel(folder, settingsWith()).version());
  assert.equal(versions[0], versions[1]);
  assert.notEqual(versions[0], versions[2]);
  assert.match(versions[0], /^[0-9a-f]{10}$/);
});

test('in production the model stays as it was at the start', (t) => {
  const folder = folderFor(t);
  mount(folder, model('orders'));
  let now = NOW;
  const opened = openModel(folder, settingsWith(), { now: () => now });
  const before = opened.version();
  mount(folder, model('orders', 'regions'), '..2026_02_02');
  now += 3_600_000;
  assert.equal(opened.version(), before);
  assert.equal(opened.declared().places.size, 1);
});

test('in development a change is taken over within a second, files and rules together; a broken one is not', (t) => {
  const log = mock.method(console, 'error', () => {});
  t.after(() => log.mock.restore());
  const folder = folderFor(t);
  mount(folder, model('orders'));
  let now = NOW;
  const opened = openModel(folder, settingsWith({ devMode: true }), { now: () => now });
  const before = opened.version();
  mount(folder, model('orders', 'regions'), '..2026_02_02');
  assert.equal(opened.version(), before);
  now += 1000;
  const changed = opened.version();
  assert.notEqual(changed, before);
  assert.equal(opened.declared().places.size, 2);
  assert.ok(opened.closure().has('regions'));
  fs.writeFileSync(path.join(folder, 'half.access.json'), '{"name": "ha');
  now += 1000;
  assert.equal(opened.version(), changed);
  assert.equal(log.mock.callCount(), 1);
});

test('a file that is left to Cube is told of once, with the reason', (t) => {
  const log = mock.method(console, 'warn', () => {});
  t.after(() => log.mock.restore());
  const folder = folderFor(t);
  mount(folder, { ...model('orders'), 'orders.yml': 'cubes:\n  - name: orders\n    title: see {CUBE}\n' });
  const opened = openModel(folder, settingsWith());
  assert.deepEqual([opened.files(), opened.files()].map(([{ fileName }]) => fileName), ['orders.yml', 'orders.yml']);
  assert.deepEqual(log.mock.calls.map(({ arguments: [text] }) => text), ['orders.yml is left to Cube\'s own reading, which is slow: a reference in "see {CUBE}".']);
});

test('the same file in two shards stops the start and both are named', (t) => {
  const folder = folderFor(t);
  mount(path.join(folder, 'shard-0'), model('orders'));
  mount(path.join(folder, 'shard-1'), model('orders'));
  assert.throws(() => openModel(folder, settingsWith()), saying(/shard-0\/orders.*shard-1\/orders/));
});

test('a cube without rules stops the start, and rules without a cube', (t) => {
  const [first, second] = [folderFor(t), folderFor(t)];
  fs.writeFileSync(path.join(first, 'orders.yml'), '');
  assert.throws(() => openModel(first, settingsWith()), saying(/orders\.yml has no orders\.access\.json/));
  fs.writeFileSync(path.join(second, 'orders.access.json'), JSON.stringify(ruleOf('orders')));
  assert.throws(() => openModel(second, settingsWith()), saying(/orders\.access\.json has no orders\.yml/));
});

test('no folder, and a folder in itself, stop the start', (t) => {
  const folder = folderFor(t);
  assert.throws(() => openModel(path.join(folder, 'none'), settingsWith()), saying(/can't be read \(ENOENT\)/));
  fs.symlinkSync('.', path.join(folder, 'self'));
  assert.throws(() => openModel(folder, settingsWith()), saying(/going round in circles/));
});

for (const [what, content, expected] of [
  ['not JSON', '{"name"', /is not JSON/],
  ['JSON with a key twice', '{"name":"orders","name":"orders"}', /a key occurs twice/],
  ['a list', '[]', /exactly the keys/],
  ['rules with a key too many', JSON.stringify(ruleOf('orders', { note: '' })), /exactly the keys/],
  ['rules of another cube', JSON.stringify(ruleOf('customers')), /name must be the file's/],
  ['rules of neither cube nor view', JSON.stringify(ruleOf('orders', { kind: 'table' })), /kind must be/],
  ['no access', JSON.stringify(ruleOf('orders', { access: null })), /access must be/],
  ['an unknown access', JSON.stringify(ruleOf('orders', { access: { kind: 'open' } })), /access must be/],
  ['an access that every object inherits', JSON.stringify(ruleOf('orders', { access: { kind: 'toString' } })), /access must be/],
  ['a filter without a claim', JSON.stringify(ruleOf('orders', { access: { kind: 'filter', filters: [{ member: 'organization_id' }] } })), /access must be/],
  ['a filter with a condition', JSON.stringify(ruleOf('orders', { access: { ...byOrganization, member: 'a = 1' } })), /access must be/],
  ['an unfiltered access with a member', JSON.stringify(ruleOf('orders', { access: { ...byOrganization, kind: 'unfiltered' } })), /access must be/],
  ['joins that are no list', JSON.stringify(ruleOf('orders', { joins: {} })), /joins must be/],
  ['hidden members that are no names', JSON.stringify(ruleOf('orders', { hidden: ['a.b'] })), /hidden must be/],
  ['a clear member without roles', JSON.stringify(ruleOf('orders', { clear: { a: { roles: [], sql: 'a', type: 'string', format: null, public: null } } })), /clear must hold/],
  ['a clear member without SQL', JSON.stringify(ruleOf('orders', { clear: { a: { roles: ['x'], type: 'string', format: null, public: null } } })), /clear must hold/],
  ['a clear member that is public by a text', JSON.stringify(ruleOf('orders', { clear: { a: { roles: ['x'], sql: 'a', type: 'string', format: null, public: 'no' } } })), /clear must hold/],
  ['clear members as a list', JSON.stringify(ruleOf('orders', { clear: [] })), /clear must hold/],
  ['members that reach no cube', JSON.stringify(ruleOf('orders', { members: { a: ['b.c.d'] } })), /members must hold/],
  ['a join to a cube that isn\'t there', JSON.stringify(ruleOf('orders', { joins: ['customers'] })), /names the cube customers/],
  ['a member of a cube that isn\'t there', JSON.stringify(ruleOf('orders', { members: { a: ['customers.name'] } })), /names the cube customers/],
  ['a filter by a claim that isn\'t demanded', JSON.stringify(ruleOf('orders', { access: { kind: 'filter', filters: [filterBy('region', 'region')] } })), /claim region/],
]) {
  test(`an access file with ${what} stops the start`, () => {
    assert.throws(() => accessRules([fileOf({ name: 'orders' }, content)], settingsWith().rowLevelSecurity), saying(expected));
  });
}

for (const [what, filter] of [['type', { type: 'number' }], ['exemptions', { exempts: true }]]) {
  test(`an access file that was generated for other ${what} of a claim than the settings stops the start`, () => {
    const rule = ruleOf('orders', { access: { kind: 'filter', filters: [filterBy('organization_id', 'organization_id', filter)] } });
    assert.throws(() => accessRules([fileOf(rule)], settingsWith().rowLevelSecurity), saying(/differ about the claim organization_id/));
  });
}

test('where rows aren\'t filtered no claim is missed', () => {
  const rules = accessRules([fileOf(ruleOf('orders', { access: { kind: 'filter', filters: [filterBy('region', 'region')] } }))], settingsWith({ rowLevelSecurity: { enabled: false } }).rowLevelSecurity);
  assert.deepEqual([...rules.keys()], ['orders']);
});
