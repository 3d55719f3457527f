'use strict';

// The table of cases that the Python rules for tokens are held to as well (tests/security).

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { mock, test } = require('node:test');
const { authentication } = require('../../floe_cube_infra/cube/authentication');
const { sharedSecrets } = require('../../floe_cube_infra/cube/environment');
const { StartError } = require('../../floe_cube_infra/cube/errors');
const { KeySet } = require('../../floe_cube_infra/cube/key_set');
const { validateSettings } = require('../../floe_cube_infra/cube/settings');
const { tokenVerifier } = require('../../floe_cube_infra/cube/tokens');
const { settingsWith } = require('./samples');

const FOLDER = path.join(__dirname, '..', 'security', 'cases');
const FILES = fs.readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

/** What Cube makes of the case's token, through the door that REST and GraphQL take. */
async function answerTo({ token, now }, { environment, keys, ...rules }) {
  let settings;
  let secrets;
  try {
    settings = validateSettings({ ...settingsWith(), ...structuredClone(rules) });
    secrets = sharedSecrets(settings.jwt.algorithms, environment);
  } catch (error) {
    if (error instanceof StartError) return { status: 'not started' };
    throw error;
  }
  // The key set is the real one; only what is behind its address is the table's.
  mock.method(globalThis, 'fetch', async () => ({ status: 200, body: [Buffer.from(JSON.stringify({ keys }))] }));
  const clock = () => now;
  const keySet = settings.jwt.jwksUri === null ? undefined : new KeySet(settings.jwt.jwksUri, { now: clock });
  const verify = tokenVerifier(settings.jwt, secrets, { now: clock, keySet });
  const request = { originalUrl: '/cubejs-api/v1/meta', headers: {} };
  try {
    // An empty token would be no token at all to the door.
    if (token === '') await verify(token);
    await authentication(settings, verify, { now: clock }).checkAuth(request, token);
  } catch (error) {
    return { status: error.status, answer: error.message };
  } finally {
    mock.restoreAll();
  }
  const { seal, ...context } = structuredClone(request.securityContext);
  assert.equal(typeof seal, 'string');
  return { status: 200, context };
}

test('there are hundreds of cases, each of its own name, taken ones and refused ones', () => {
  const cases = FILES.flatMap((name) => JSON.parse(fs.readFileSync(path.join(FOLDER, name), 'utf8')).cases);
  const of = (status) => cases.filter(({ expected }) => expected.status === status).length;
  assert.ok(cases.length > 1000);
  assert.ok([200, 401, 403, 'not started'].every((status) => of(status) > 50));
});

for (const name of FILES) {
  const { rules, cases } = JSON.parse(fs.readFileSync(path.join(FOLDER, name), 'utf8'));
  test(`${name}: every case has the table's answer`, async (t) => {
    for (const one of cases) {
      await t.test(one.name, async () => {
        assert.deepEqual(await answerTo(one, rules[one.rules]), one.expected);
      });
    }
  });
}
