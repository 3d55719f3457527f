'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { refuseOpenDoors, sharedSecrets } = require('../../floe_cube_infra/cube/environment');
const { StartError } = require('../../floe_cube_infra/cube/errors');
const { readSettings, validateSettings } = require('../../floe_cube_infra/cube/settings');
const { SECRET, settingsWith } = require('./samples');

const mistakes = [
  ['an unknown key', { surprise: 1 }, /unknown key surprise/],
  ['an unknown key inside', { jwt: { secret: 'x' } }, /unknown key jwt\.secret/],
  ['another version', { version: 2 }, /version is 2/],
  ['no algorithm', { jwt: { algorithms: [] } }, /jwt\.algorithms/],
  ['the algorithm none', { jwt: { algorithms: ['none'] } }, /jwt\.algorithms/],
  ['both families of algorithms', { jwt: { algorithms: ['HS256', 'RS256'] } }, /jwt\.algorithms/],
  ['RS256 without keys', { jwt: { algorithms: ['RS256'] } }, /jwksUri must be an address/],
  ['HS256 with keys', { jwt: { jwksUri: 'https://id.example.com/keys' } }, /jwksUri must be null/],
  ['keys over plain http', { jwt: { algorithms: ['RS256'], jwksUri: 'http://id.example.com/keys' } }, /https address/],
  ['keys with a password in the address', { jwt: { algorithms: ['RS256'], jwksUri: 'https://a:b@id.example.com/' } }, /https address/],
  ['keys at no address', { jwt: { algorithms: ['RS256'], jwksUri: 'keys' } }, /https address/],
  ['a long clock tolerance', { jwt: { clockToleranceSeconds: 301 } }, /0 to 300/],
  ['an empty audience', { jwt: { audience: '' } }, /jwt\.audience/],
  ['no limit for tokens', { jwt: { maxBytes: 1e9 } }, /512 to 65536/],
  ['row-level security without claims', { rowLevelSecurity: { claims: [] } }, /must name a claim/],
  ['the prototype as a claim', { rowLevelSecurity: { claims: ['__proto__'] } }, /claims/],
  ['a claim that is no name', { rowLevelSecurity: { claims: ['a.b'] } }, /claims/],
  ['roles as a claim', { rowLevelSecurity: { claims: ['roles'], claimTypes: {} } }, /not roles/],
  ['an unknown type of claim', { rowLevelSecurity: { claimTypes: { organization_id: 'integer' } } }, /claimTypes/],
  ['types that are a list', { rowLevelSecurity: { claimTypes: ['number'] } }, /claimTypes/],
  ['a type of what is no claim', { rowLevelSecurity: { claimTypes: { region: 'text' } } }, /none of its claims/],
  ['exempt roles of what is no claim', { rowLevelSecurity: { exemptRoles: { region: ['admin'] } } }, /none of its claims/],
  ['no exempt role', { rowLevelSecurity: { exemptRoles: { organization_id: [] } } }, /exemptRoles/],
  ['row-level security that is neither on nor off', { rowLevelSecurity: { enabled: 'false' } }, /true or false/],
  ['an SQL API of an unknown kind', { sqlApi: 'on' }, /"off", "shared" or "perOrganization"/],
  ['a schema with a quote', { preAggregationsSchema: 'a"b' }, /schema name/],
  ['a time zone that isn\'t one', { refreshTimeZones: ['Mars/Olympus'] }, /time zones/],
  ['no time zone', { refreshTimeZones: [] }, /time zones/],
  ['any origin', { corsOrigins: ['*'] }, /origins/],
  ['an origin with a path', { corsOrigins: ['https://app.example.com/x'] }, /origins/],
  ['a scope that names contexts in its requests', { apiScopes: ['jobs'] }, /graphql,meta,data,sql/],
  ['no limit of members', { limits: { members: 0 } }, /limits\.members is 0; it must be an integer from 1 to 1000/],
  ['records sent to any host', { observation: { host: 'x', port: 4319, sql: true } }, /observation is/],
  ['records sent to a port of root\'s', { observation: { port: 80, sql: true } }, /1024 to 65535/],
  ['records that hold what sort of SQL', { observation: { port: 4319, sql: 'all' } }, /true or false/],
  ['more rows than Cube gives', { rowLimit: 50001 }, /1 to 50000/],
];

for (const [what, changes, expected] of mistakes) {
  test(`settings with ${what} stop the start with a sentence that names the key`, () => {
    assert.throws(() => validateSettings(settingsWith(changes)), (error) => error instanceof StartError && expected.test(error.message));
  });
}

for (const key of Object.keys(settingsWith())) {
  test(`settings without ${key} stop the start`, () => {
    const { [key]: _, ...rest } = settingsWith();
    assert.throws(() => validateSettings(rest), new RegExp(`lacks the key ${key}`));
  });
}

test('a section that is no object stops the start', () => {
  assert.throws(() => validateSettings({ ...settingsWith(), jwt: [] }), /jwt must be an object/);
  assert.throws(() => validateSettings(null), /must be an object/);
});

test('sound settings are given back frozen to the bottom', () => {
  const settings = validateSettings(settingsWith({ corsOrigins: ['https://app.example.com'], rowLevelSecurity: { enabled: true } }));
  assert.throws(() => settings.rowLevelSecurity.claims.push('x'), TypeError);
  assert.throws(() => { settings.jwt.maxBytes = 1; }, TypeError);
});

test('settings are read from the folder, and what is wrong with the file is said without a stack trace', (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'settings-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  assert.throws(() => readSettings(folder), /can't be read \(ENOENT\)/);
  fs.writeFileSync(path.join(folder, 'settings.json'), '{');
  assert.throws(() => readSettings(folder), (error) => /is not JSON/.test(error.message) && !/\n\s+at /.test(error.stack));
  fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settingsWith()));
  assert.deepEqual(readSettings(folder), settingsWith());
});

const production = { NODE_ENV: 'production' };

for (const [what, environment, expected] of [
  ['CUBEJS_DEV_MODE', { ...production, CUBEJS_DEV_MODE: 'TRUE' }, /CUBEJS_DEV_MODE is on/],
  ['a NODE_ENV other than production', {}, /NODE_ENV must be production/],
  ['the playground\'s secret', { ...production, CUBEJS_PLAYGROUND_AUTH_SECRET: 'x' }, /CUBEJS_PLAYGROUND_AUTH_SECRET is set/],
]) {
  test(`${what} stops the start unless the settings allow developer mode`, () => {
    assert.throws(() => refuseOpenDoors(settingsWith(), environment), expected);
    refuseOpenDoors(settingsWith({ devMode: true }), environment);
  });
}

test('production without those starts', () => {
  refuseOpenDoors(settingsWith(), { ...production, CUBEJS_DEV_MODE: 'false' });
});

test('the rotation list goes before the single secret, as in Cube, without blanks and repetitions', () => {
  const [first, second] = ['1'.repeat(32), '2'.repeat(32)];
  assert.deepEqual(sharedSecrets(['HS256'], { CUBEJS_API_SECRET: SECRET }), [SECRET]);
  assert.deepEqual(sharedSecrets(['HS256'], { CUBEJS_API_SECRET: SECRET, CUBEJS_API_SECRETS: ' , ' }), [SECRET]);
  assert.deepEqual(
    sharedSecrets(['HS256'], { CUBEJS_API_SECRET: SECRET, CUBEJS_API_SECRETS: ` ${first},${second},, ${first}` }),
    [first, second],
  );
});

test('no secret, or one shorter than its hash, stops the start and is not in the sentence', () => {
  assert.throws(() => sharedSecrets(['HS256'], {}), /Neither CUBEJS_API_SECRETS nor CUBEJS_API_SECRET is set/);
  assert.throws(
    () => sharedSecrets(['HS256'], { CUBEJS_API_SECRET: 'hunter2' }),
    (error) => /has 7 bytes; HS256 need 32/.test(error.message) && !error.message.includes('hunter2'),
  );
  assert.throws(() => sharedSecrets(['HS256', 'HS512'], { CUBEJS_API_SECRETS: '1'.repeat(63) }), /need 64/);
});

test('public-key algorithms take no secret', () => {
  assert.deepEqual(sharedSecrets(['RS256'], { CUBEJS_API_SECRET: SECRET }), []);
});
