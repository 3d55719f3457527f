'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { queryRewriter } = require('../../floe_cube_infra/cube/row_access');
const { memberVisibility } = require('../../floe_cube_infra/cube/member_visibility');
const { ModelVariants } = require('../../floe_cube_infra/cube/model_variants');
const { clock, closureOf, contextOf, rulesOf, settingsWith } = require('./samples');

const clearFor = (roles, changes = {}) => ({ roles, sql: '{CUBE}.x', type: 'time', format: null, public: null, ...changes });
const RULES = {
  customers: {
    hidden: ['email', 'phone'],
    clear: { email: clearFor(['support', 'legal']), salary: clearFor(['finance'], { sql: '{CUBE}.salary', type: 'number', format: 'currency' }), key: clearFor(['support'], { public: true }) },
  },
  buyers: { hidden: ['email'], clear: { email: clearFor(['support', 'legal']) } },
  orders: {},
};
const rules = rulesOf(RULES);
const DIMENSIONS = [
  { name: 'email', sql: '{CUBE}.email', type: 'string', public: false },
  { name: 'phone', sql: '{CUBE}.phone', type: 'string', public: false },
  { name: 'salary', sql: "'***'", type: 'string' },
  { name: 'key', sql: '{CUBE}.key', type: 'number', primary_key: true, public: false },
];
const fileOf = (name, cube) => ({ fileName: `shard-0/${name}.yml`, content: JSON.stringify({ cubes: [{ name, ...cube }] }) });
const MODELS = [fileOf('buyers', { extends: 'customers' }), fileOf('customers', { dimensions: DIMENSIONS }), fileOf('orders', { dimensions: [] })];
const variants = new ModelVariants(MODELS, rules);
const dimensionsFor = (...roles) => Object.fromEntries(JSON.parse(variants.files(roles)[1].content).cubes[0].dimensions.map(({ name, ...rest }) => [name, rest]));

test('without a role that matters the files are those of the folder', () => {
  assert.deepEqual(variants.clearingRoles, ['finance', 'legal', 'support']);
  for (const roles of [[], ['analyst'], ['toString', 'SUPPORT']]) assert.equal(variants.files(roles), MODELS);
});

test('a role sees what is hidden or masked for others as the rules say, and nothing else', () => {
  const [email, phone, salary, key] = DIMENSIONS.map(({ name, ...rest }) => rest);
  const clear = { sql: '{CUBE}.x', type: 'time' };
  assert.deepEqual(dimensionsFor('legal'), { email: clear, phone, salary, key });
  assert.deepEqual(dimensionsFor('support'), { email: clear, phone, salary, key: { ...clear, primary_key: true, public: true } });
  assert.deepEqual(dimensionsFor('finance', 'legal').salary, { sql: '{CUBE}.salary', type: 'number', format: 'currency' });
  assert.deepEqual(dimensionsFor('finance').email, email);
});

test('files without such members, and those that extend another cube, stay as they are', () => {
  const files = variants.files(['support']);
  assert.equal(files[0].content, JSON.stringify(JSON.parse(MODELS[0].content), null, 1));
  assert.equal(files[2], MODELS[2]);
});

test('the same roles in another order share the files', () => {
  assert.equal(variants.files(['support', 'finance', 'x']), variants.files(['finance', 'support']));
});

test('a member that the YAML doesn\'t have, and a model that reads who compiles it, stop the start', () => {
  const other = [fileOf('buyers', { extends: 'customers' }), fileOf('customers', { dimensions: DIMENSIONS.slice(1) }), MODELS[2]];
  assert.throws(() => new ModelVariants(other, rules), /customers\.yml has no email/);
  const reading = [...MODELS.slice(0, 2), fileOf('orders', { dimensions: [{ name: 'a', sql: '{COMPILE_CONTEXT.securityContext.user_id}' }] })];
  assert.throws(() => new ModelVariants(reading, rules), /orders\.yml reads COMPILE_CONTEXT/);
});

const modelWith = (some) => ({ clearingRoles: () => some.clearingRoles, files: (roles) => some.files(roles) });
const having = (...roles) => ({ securityContext: contextOf({ u: { roles } }) });

test('contexts that see the same members share a compiled model, whoever they are', async () => {
  const { contextToAppId, repositoryFactory } = memberVisibility(modelWith(variants));
  assert.equal(contextToAppId(having('support', 'analyst')), contextToAppId({ securityContext: contextOf({ sub: 'bob', u: { organization_id: 'b', roles: ['support'] } }) }));
  assert.equal(new Set([having(), having('support'), having('finance'), having('support', 'finance')].map(contextToAppId)).size, 4);
  assert.equal(await repositoryFactory(having('support')).dataSchemaFiles(), variants.files(['support']));
});

test('whoever isn\'t authentic shares the model of those without a role', async () => {
  const { contextToAppId, repositoryFactory } = memberVisibility(modelWith(variants));
  for (const securityContext of [undefined, {}, { ...contextOf(), roles: ['support'] }]) {
    assert.equal(contextToAppId({ securityContext }), contextToAppId(having('analyst')));
    assert.equal(await repositoryFactory({ securityContext }).dataSchemaFiles(), MODELS);
  }
});

test('where no role sees more there is one model for all, and Cube is told nothing of apps', async () => {
  const plain = new ModelVariants([MODELS[2]], rulesOf({ orders: {} }));
  const options = memberVisibility(modelWith(plain));
  assert.deepEqual(Object.keys(options), ['repositoryFactory']);
  assert.deepEqual(await options.repositoryFactory(having('support')).dataSchemaFiles(), [MODELS[2]]);
});

test('a hidden member may be named by who sees it, and to others is one that isn\'t there', async (t) => {
  t.mock.method(console, 'error', () => {});
  const rewrite = queryRewriter(settingsWith(), () => closureOf(RULES), { now: clock });
  const asking = (member, ...roles) => rewrite({ measures: ['customers.count'], filters: [{ member, operator: 'set' }] }, having(...roles));
  assert.equal((await asking('customers.email', 'legal')).filters.length, 2);
  for (const roles of [[], ['finance']]) {
    await assert.rejects(asking('customers.email', ...roles), { status: 400, message: "'email' not found for path 'customers.email'" });
  }
  await assert.rejects(asking('customers.phone', 'support'), { status: 400 });
});
