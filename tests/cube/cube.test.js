'use strict';

// cube.js itself, loaded as Cube does: from its working directory, out of a ConfigMap's mount, in a process of its own.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { SECRET, byOrganization, settingsWith } = require('./samples');

const SOURCE = path.join(__dirname, '../../floe_cube_infra/cube');

function configurationFolder(t, settings) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'conf-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const data = path.join(folder, '..data');
  fs.mkdirSync(data);
  for (const name of fs.readdirSync(SOURCE).filter((file) => file.endsWith('.js'))) fs.copyFileSync(path.join(SOURCE, name), path.join(data, name));
  fs.writeFileSync(path.join(data, 'settings.json'), JSON.stringify(settings));
  for (const name of fs.readdirSync(data)) fs.symlinkSync(path.join('..data', name), path.join(folder, name));
  fs.mkdirSync(path.join(folder, 'model'));
  fs.writeFileSync(path.join(folder, 'model', 'orders.yml'), 'cubes: [{name: orders, sql_table: shop.orders}]\n');
  const rule = { name: 'orders', kind: 'cube', access: byOrganization, hidden: [], clear: {}, joins: [], members: {} };
  fs.writeFileSync(path.join(folder, 'model', 'orders.access.json'), JSON.stringify(rule));
  return folder;
}

function load(folder, code, environment = { CUBEJS_API_SECRET: SECRET }) {
  return spawnSync(process.execPath, ['-e', `(async () => { const cube = require('./cube.js'); ${code} })()`], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      NODE_ENV: 'production', NODE_PATH: process.env.NODE_PATH, NODE_OPTIONS: process.env.NODE_OPTIONS, PATH: process.env.PATH, FLOE_READINESS_PORT: '0', ...environment,
    },
  });
}
const report = (expression) => `console.log(JSON.stringify(${expression}))`;

test('cube.js gives Cube just the options that are meant', (t) => {
  const { stdout, stderr } = load(configurationFolder(t, settingsWith()), report('Object.keys(cube).sort()'));
  assert.equal(stderr, '');
  assert.deepEqual(JSON.parse(stdout), [
    'apiSecret', 'canSwitchSqlUser', 'checkAuth', 'checkSqlAuth', 'contextToApiScopes', 'contextToGroups', 'http', 'jwt', 'logger', 'preAggregationsSchema', 'queryRewrite',
    'repositoryFactory', 'scheduledRefreshContexts', 'scheduledRefreshTimeZones', 'schemaVersion', 'telemetry',
  ]);
});

test('the model is read from beside cube.js, or from where FLOE_MODEL_PATH says', (t) => {
  const folder = configurationFolder(t, settingsWith());
  const files = report('(await cube.repositoryFactory({}).dataSchemaFiles()).map(({ fileName }) => fileName)');
  assert.deepEqual(JSON.parse(load(folder, files).stdout), ['floe_model.js']);
  fs.renameSync(path.join(folder, 'model'), path.join(folder, 'elsewhere'));
  const environment = { CUBEJS_API_SECRET: SECRET, FLOE_MODEL_PATH: path.join(folder, 'elsewhere') };
  assert.equal(JSON.parse(load(folder, files, environment).stdout).length, 1);
});

test('the settings arrive in Cube\'s options', (t) => {
  const jwt = { algorithms: ['RS256'], jwksUri: 'https://id.example.com/keys' };
  const settings = settingsWith({ jwt, corsOrigins: ['https://app.example.com'], refreshTimeZones: ['UTC', 'Europe/Vienna'], apiScopes: ['data'] });
  const { stdout } = load(configurationFolder(t, settings), report('{ ...cube, scopes: await cube.contextToApiScopes({}, ["data", "jobs"]), contexts: await cube.scheduledRefreshContexts() }'), {});
  const options = JSON.parse(stdout);
  assert.deepEqual(options.http, { cors: { origin: ['https://app.example.com'] } });
  assert.deepEqual(options.jwt, { jwkUrl: 'https://id.example.com/keys', claimsNamespace: 'filter_claims' });
  assert.equal(options.apiSecret, undefined);
  assert.deepEqual(options.scheduledRefreshTimeZones, ['UTC', 'Europe/Vienna']);
  assert.deepEqual(options.scopes, ['data']);
  assert.deepEqual(options.contexts, [{ securityContext: {} }]);
});

test('without origins there is no cross-origin answer', (t) => {
  assert.deepEqual(JSON.parse(load(configurationFolder(t, settingsWith()), report('cube.http')).stdout), { cors: { origin: false } });
});

test('the refresh worker\'s context answers no query', (t) => {
  const code = 'const [context] = await cube.scheduledRefreshContexts(); await cube.queryRewrite({ measures: ["orders.n"] }, context).catch((error) => console.log(error.status));';
  assert.equal(load(configurationFolder(t, settingsWith()), code).stdout, '401\n');
});

for (const [what, settings, environment] of [
  ['an organization without a name', settingsWith(), { CUBEJS_API_SECRET: SECRET, FLOE_ORGANIZATION: ' ' }],
  ['settings with a mistake', settingsWith({ sqlApi: 'on' }), { CUBEJS_API_SECRET: SECRET }],
  ['no secret', settingsWith(), {}],
  ['developer mode', settingsWith(), { CUBEJS_API_SECRET: SECRET, CUBEJS_DEV_MODE: 'true' }],
  ['a port that is none', settingsWith(), { CUBEJS_API_SECRET: SECRET, FLOE_READINESS_PORT: 'http' }],
  ['no model', settingsWith(), { CUBEJS_API_SECRET: SECRET, FLOE_MODEL_PATH: 'nowhere' }],
]) {
  test(`${what} stops the start with one sentence, without a secret in it`, (t) => {
    const { status, stderr } = load(configurationFolder(t, settings), '', environment);
    assert.notEqual(status, 0);
    assert.match(stderr, /StartError: .+\.\]?\n/);
    assert.doesNotMatch(stderr, /^\s+at /m);
    assert.ok(!stderr.includes(SECRET));
  });
}
