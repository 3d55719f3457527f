'use strict';

// A stand-in for Cube's server answers here; tests/real/cube has the real one.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const http = require('node:http');
const { mock, test } = require('node:test');
const { READINESS_PATH, READINESS_PORT, Readiness, serveReadiness } = require('../../floe_cube_infra/cube/readiness');
const { Pass, withPass } = require('../../floe_cube_infra/cube/warm_up');

const META = { cubes: [{ measures: [], dimensions: [{ name: 'closed.id' }] }, { measures: [{ name: 'orders.count' }], dimensions: [] }] };
const DEMANDED = { claims: ['organization_id', 'team', 'is_active'], claimTypes: { organization_id: 'number', is_active: 'boolean' }, tokenClaims: { team: 'squad' } };
const GOOD = {
  'GET /livez': [200, {}],
  'GET /readyz': [200, {}],
  'GET /cubejs-api/v1/meta': [200, META],
  'POST /cubejs-api/graphql': [200, {}],
  'POST /cubejs-api/v1/dry-run': [200, {}],
};

async function listening(t, server) {
  if (!server.listening) await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

// Answers as told, and keeps what it was asked with which token.
async function standIn(t, changes = {}) {
  const answers = { ...GOOD, ...changes };
  const asked = [];
  const server = http.createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const name = `${request.method} ${request.url}`;
    asked.push({ name, body: Buffer.concat(parts).toString(), token: request.headers.authorization });
    const [status, body] = typeof answers[name] === 'function' ? answers[name](asked.at(-1)) : answers[name];
    response.writeHead(status).end(JSON.stringify(body));
  });
  return { address: await listening(t, server.listen(0, '127.0.0.1')), asked, answers };
}

function silenced(t) {
  const logs = [];
  for (const name of ['log', 'error']) {
    const method = mock.method(console, name, (text) => logs.push(text));
    t.after(() => method.mock.restore());
  }
  return logs;
}

async function started(t, { changes, explain = async () => [], version = () => 'one', clearing = [] } = {}) {
  const logs = silenced(t);
  const cube = await standIn(t, changes);
  const pass = new Pass(DEMANDED);
  const readiness = new Readiness(cube.address, { version, declared: () => ({}), clearingRoles: () => clearing }, pass, explain);
  const address = await listening(t, serveReadiness(readiness, 0));
  const ask = async (path = READINESS_PATH) => {
    const response = await fetch(address + path);
    return { status: response.status, ...await response.json() };
  };
  return { ...cube, logs, pass, readiness, ask };
}

test('the address is what the components know', () => assert.deepEqual([READINESS_PORT, READINESS_PATH], [4010, '/ready']));

test('a pod is ready when each API has answered its first question, in one go', async (t) => {
  const { ask, asked, readiness, logs, pass } = await started(t);
  assert.deepEqual(await ask(), { status: 503, ready: false, reason: 'The model is being compiled.' });
  await readiness.warmUp();
  assert.deepEqual(await ask(), { status: 200, ready: true });
  await ask();
  const questions = asked.filter(({ name }) => name.includes('cubejs-api'));
  assert.deepEqual(questions.map(({ name }) => name), ['GET /cubejs-api/v1/meta', 'POST /cubejs-api/graphql', 'POST /cubejs-api/v1/dry-run']);
  assert.deepEqual(JSON.parse(questions[2].body), { query: { dimensions: ['closed.id'] } });
  assert.match(logs.join('\n'), /^The model is compiled and the APIs are warm after \d+\.\d s\.$/);
  assert.equal(pass.claimsOf(questions[0].token.replace('Bearer ', '')), null, 'the pass has ended');
});

test('a query that is refused is followed by one of the next cube', async (t) => {
  const refusing = ({ body }) => (body.includes('closed') ? [403, {}] : [200, {}]);
  const { asked, readiness, ask } = await started(t, { changes: { 'POST /cubejs-api/v1/dry-run': refusing } });
  await readiness.warmUp();
  assert.deepEqual(JSON.parse(asked.at(-1).body), { query: { measures: ['orders.count'] } });
  assert.equal((await ask()).status, 200);
});

test('a model that only some role sees is warmed as well', async (t) => {
  const roles = [];
  const { asked, readiness, pass } = await started(t, {
    clearing: ['finance', 'support'],
    changes: { 'GET /cubejs-api/v1/meta': ({ token }) => [200, (roles.push(pass.claimsOf(token.replace('Bearer ', '')).u.roles), META)] },
  });
  await readiness.warmUp();
  assert.deepEqual(roles, [[], ['finance'], ['support']]);
  assert.equal(asked.filter(({ name }) => name.includes('graphql')).length, 3);
});

test('an API may be switched off, but not all of them', async (t) => {
  const off = [403, {}];
  const some = await started(t, { changes: { 'POST /cubejs-api/graphql': off } });
  await some.readiness.warmUp();
  assert.equal((await some.ask()).status, 200);
  const all = await started(t, { changes: { 'POST /cubejs-api/graphql': off, 'GET /cubejs-api/v1/meta': off } });
  await all.readiness.warmUp();
  assert.equal((await all.ask()).status, 503);
});

test('a model that doesn\'t compile is told of once and never tried again', async (t) => {
  const explain = mock.fn(async () => ['cubes/orders.yml: nowhere is not defined']);
  const { ask, asked, readiness, logs } = await started(t, { changes: { 'GET /cubejs-api/v1/meta': [500, {}] }, explain });
  await readiness.warmUp();
  for (let time = 0; time < 3; time += 1) {
    assert.deepEqual(await ask(), { status: 503, ready: false, reason: 'The model does not compile; the log says why.' });
  }
  assert.equal(asked.filter(({ name }) => name.endsWith('meta')).length, 1);
  assert.equal(explain.mock.callCount(), 1);
  assert.deepEqual(logs, ['This pod stays unready. The model doesn\'t compile:\ncubes/orders.yml: nowhere is not defined']);
});

test('a model that can\'t even be looked at is told of, and Cube goes on', async (t) => {
  const explain = async () => { throw new Error('orders.yml has no email; generate the model anew.'); };
  const { ask, readiness, logs } = await started(t, { changes: { 'GET /cubejs-api/v1/meta': [500, {}] }, explain });
  await readiness.warmUp();
  assert.equal((await ask()).status, 503);
  assert.match(logs.join(), /orders\.yml has no email/);
});

test('another failure is told of, and the next probe tries again', async (t) => {
  const { ask, answers, readiness, logs } = await started(t, { changes: { 'GET /cubejs-api/v1/meta': [503, {}] } });
  await readiness.warmUp();
  assert.deepEqual(logs, ['This pod stays unready. v1/meta answers 503.']);
  answers['GET /cubejs-api/v1/meta'] = [200, META];
  assert.equal((await ask()).status, 503);
  await readiness.warmUp();
  assert.equal((await ask()).status, 200);
});

test('without its database a pod is not ready', async (t) => {
  const { ask, readiness } = await started(t, { changes: { 'GET /readyz': [500, {}] } });
  await readiness.warmUp();
  assert.match((await ask()).reason, /database/);
});

test('a changed model is warmed before the pod is ready again', async (t) => {
  let version = 'one';
  const { ask, readiness, asked } = await started(t, { version: () => version });
  await readiness.warmUp();
  version = 'two';
  assert.equal((await ask()).status, 503);
  await readiness.warmUp();
  assert.equal((await ask()).status, 200);
  assert.equal(asked.filter(({ name }) => name.endsWith('meta')).length, 2);
});

test('it waits until Cube listens', async (t) => {
  let calls = 0;
  const { readiness, ask } = await started(t, { changes: { 'GET /livez': () => [(calls += 1) > 2 ? 200 : 500, {}] } });
  await readiness.warmUp();
  assert.equal((await ask()).status, 200);
});

test('nothing else is answered', async (t) => {
  const { ask } = await started(t);
  assert.equal((await ask('/metrics')).status, 404);
});

test('a port that is taken is told of, and Cube goes on', async (t) => {
  const logs = silenced(t);
  const taken = http.createServer();
  await listening(t, taken.listen(0));
  const readiness = new Readiness('http://127.0.0.1:1', { version: () => 'one', clearingRoles: () => [] }, new Pass(DEMANDED), async () => []);
  const server = serveReadiness(readiness, taken.address().port);
  await once(server, 'error');
  assert.match(logs.join('\n'), /\(EADDRINUSE\); set FLOE_READINESS_PORT/);
});

test('only the pass of this warm-up stands for its user, who has no organization', async () => {
  const pass = new Pass(DEMANDED);
  const verify = withPass(pass, async (token) => ({ sub: token }));
  assert.deepEqual(await verify('anything'), { sub: 'anything' });
  const token = pass.issue([]);
  assert.match(token, /^[\w-]{43}$/);
  const claims = await verify(token);
  assert.equal(claims.sub, 'floe-warm-up');
  assert.deepEqual({ ...claims.u, squad: [] }, { organization_id: [Number.MIN_SAFE_INTEGER], is_active: [false], squad: [], roles: [] });
  assert.match(claims.u.squad[0], /^[0-9a-f-]{36}$/);
  for (const other of ['', token.slice(1), `${token}=`, token.toLowerCase(), undefined, null, 7, ['x']]) assert.equal(pass.claimsOf(other), null);
  pass.issue([]);
  assert.equal(pass.claimsOf(token), null);
  pass.revoke();
  assert.equal(pass.claimsOf(null), null);
});

test('the pass of a pod for one organization is that organization\'s, of the claim\'s own type', () => {
  const numbered = { claims: ['organization_id', 'region'], claimTypes: { organization_id: 'number', region: 'text' } };
  const pass = new Pass(numbered, '7');
  const { u } = pass.claimsOf(pass.issue([]));
  assert.deepEqual(u.organization_id, [7]);
  assert.equal(typeof u.region[0], 'string');
});
