'use strict';

const assert = require('node:assert/strict');
const { mock, test } = require('node:test');
const { authentication } = require('../../floe_cube_infra/cube/authentication');
const { isAuthentic } = require('../../floe_cube_infra/cube/security_context');
const { SqlSessions } = require('../../floe_cube_infra/cube/sql_sessions');
const { tokenVerifier } = require('../../floe_cube_infra/cube/tokens');
const { NOW, SECRET, claimsWith, contextOf, demanding, inSeconds, settingsWith, tokenOf } = require('./samples');

function doors({ now = () => NOW, sessions, organization, modelVersion, ...changes } = {}) {
  const settings = settingsWith(changes);
  return authentication(settings, tokenVerifier(settings.jwt, [SECRET], { now }), { now, sessions, organization, modelVersion });
}
const refusedWith = (status) => (error) => error.constructor.name === 'CubejsHandlerError' && error.status === status;
const rejects = (promise, status) => assert.rejects(promise, refusedWith(status));

// As Cube calls it: with the request, and the token it took from it.
const ask = ({ checkAuth }, headers, given) => {
  const request = { originalUrl: '/cubejs-api/v1/load', headers };
  return checkAuth(request, given ?? Object.values(headers).at(-1)?.split(' ', 2).at(-1)).then((answer) => ({ request, answer }));
};

test('a sound token becomes a context that can\'t be changed', async () => {
  const { request, answer } = await ask(doors(), { authorization: `Bearer ${tokenOf(claimsWith({ u: { roles: ['admin'] } }))}` });
  const context = request.securityContext;
  assert.equal(answer.security_context, context);
  const { seal, ...rest } = context;
  assert.deepEqual(rest, { filter_claims: { organization_id: ['acme'] }, user_id: 'ada', roles: ['admin'], exp: inSeconds(60) });
  const values = context.filter_claims.organization_id;
  for (const change of [() => values.push('umbrella'), () => values.pop(), () => { values[0] = 'umbrella'; }, () => values.splice(0), () => { values.length = 0; }]) {
    assert.throws(change, TypeError);
  }
  assert.throws(() => { context.filter_claims.region = ['eu']; }, TypeError);
  assert.throws(() => { context.user_id = 'bob'; }, TypeError);
  assert.throws(() => { context.u = {}; }, TypeError);
  assert.throws(() => { delete context.seal; }, TypeError);
  assert.equal(typeof seal, 'string');
});

test('who has a sound token is told which model answers, and nobody else', async () => {
  const told = async (token) => {
    const headers = new Map();
    const res = { setHeader: (name, value) => headers.set(name, value), end() {} };
    const request = { originalUrl: '/cubejs-api/v1/meta', headers: { authorization: token }, res };
    await doors({ modelVersion: () => '0123456789' }).checkAuth(request, token).catch(() => {});
    return headers.get('x-floe-model-version');
  };
  assert.equal(await told(tokenOf(claimsWith())), '0123456789');
  assert.equal(await told(tokenOf({ ...claimsWith(), u: {} })), undefined);
  assert.equal(await told('x.y.z'), undefined);
});

test('Cube can set its mark on a context, and nobody sees it', () => {
  const context = contextOf();
  context._objectWithResolvedProperties = true;
  assert.ok(!JSON.stringify(context).includes('_object'));
});

test('"Bearer" may be missing or written in any case', async () => {
  for (const prefix of ['', 'bearer ', 'BEARER ', 'Bearer  ']) {
    const token = tokenOf(claimsWith());
    await ask(doors(), { authorization: prefix + token }, token);
  }
});

test('either of Cube\'s two headers will do, and both with the same token', async () => {
  const token = tokenOf(claimsWith());
  await ask(doors(), { 'x-cube-authorization': token });
  await ask(doors(), { 'x-cube-authorization': token, authorization: `Bearer ${token}` });
});

const other = tokenOf(claimsWith({ u: { organization_id: 'umbrella' } }));
const mine = tokenOf(claimsWith());
for (const [what, headers] of [
  ['no header', {}],
  ['an empty header', { authorization: '' }],
  ['only "Bearer"', { authorization: 'Bearer' }],
  ['Basic authentication', { authorization: `Basic ${mine}` }],
  ['two tokens in one header', { authorization: `Bearer ${mine}, Bearer ${other}` }],
  ['words after the token', { authorization: `Bearer ${mine} ${other}` }],
  ['a different token in each header', { authorization: `Bearer ${mine}`, 'x-cube-authorization': other }],
  ['one good token and one bad', { authorization: `Bearer ${mine}`, 'x-cube-authorization': 'bad' }],
  ['an expired token', { authorization: `Bearer ${tokenOf(claimsWith({ exp: inSeconds(-1) }))}` }],
]) {
  test(`${what} gets 401 and leaves no context behind`, async () => {
    const request = { headers, securityContext: { stale: true }, authInfo: { stale: true } };
    await rejects(doors().checkAuth(request, headers.authorization?.split(' ', 2).at(-1)), 401);
    assert.equal(request.securityContext, undefined);
    assert.equal(request.authInfo, undefined);
  });
}

for (const [what, u] of [
  ['no u', undefined],
  ['a list as u', ['acme']],
  ['a text as u', 'acme'],
  ['no claim', {}],
  ['a claim of null', { organization_id: null }],
  ['an empty text', { organization_id: '' }],
  ['blanks', { organization_id: '  ' }],
  ['an empty list', { organization_id: [] }],
  ['an object', { organization_id: { a: 1 } }],
  ['a list in a list', { organization_id: [['acme']] }],
  ['a list with null', { organization_id: ['acme', null] }],
  ['the text undefined', { organization_id: 'undefined' }],
  ['the text null in a list', { organization_id: ['acme', 'null'] }],
  ['the text [object Object]', { organization_id: '[object Object]' }],
  ['a number with digits lost', { organization_id: 12345678901234567890 }],
  ['a fraction', { organization_id: 1.5 }],
  ['a NUL character', { organization_id: 'ac\u0000me' }],
  ['half a character', { organization_id: 'a\ud800' }],
  ['a claim only inherited', { toString: 'acme' }],
]) {
  test(`a good token with ${what} gets 403 where the claim is demanded`, async () => {
    const claims = { ...claimsWith(), u };
    await rejects(ask(doors(), { authorization: tokenOf(claims) }), 403);
  });
}

test('nobody is told the model\'s SQL', async () => {
  const { checkAuth } = doors();
  const request = { headers: { authorization: mine }, query: { extended: '' } };
  await assert.rejects(checkAuth(request, mine), refusedWith(403));
  assert.equal(request.securityContext, undefined);
});

for (const [path, options, status] of [
  ['/cubejs-api/v1/load?query=x', {}, null],
  ['/cubejs-api/graphql', {}, null],
  ['/cubejs-api/v1/load/', {}, 404],
  ['/cubejs-api/V1/LOAD', {}, 404],
  ['/cubejs-api/graphql/more', {}, 404],
  ['/cubejs-api/v1/running-query/1-span-1', {}, 404],
  ['/cubejs-api/v1/graphql-to-json', {}, 404],
  ['/cubejs-api/v1/convert-query', {}, 404],
  ['/cubejs-api/v1/pre-aggregations/jobs', {}, 404],
  [undefined, {}, 404],
  ['/cubejs-api/v1/cubesql', {}, null],
  ['/cubejs-api/v1/cubesql', { sqlApi: 'off' }, 404],
  ['/cubejs-api/v1/cubesql', { sqlApi: 'perOrganization' }, 404],
  ['/cubejs-api/v1/cubesql', { sqlApi: 'perOrganization', organization: 'acme' }, null],
]) {
  test(`${path} with ${JSON.stringify(options)} ${status === null ? 'is answered' : 'is no address'}`, async () => {
    const { checkAuth } = doors(options);
    const request = { originalUrl: path, query: { query: '{}' }, headers: { authorization: mine } };
    if (status === null) return assert.ok(await checkAuth(request, mine));
    await rejects(checkAuth(request, mine), status);
    return assert.equal(request.securityContext, undefined);
  });
}

test('a claim that every object inherits is not there', async () => {
  await rejects(ask(doors({ rowLevelSecurity: { claims: ['constructor'] } }), { authorization: mine }), 403);
});

test('scalars become lists of one text, lists stay lists without repetitions', async () => {
  for (const [given, expected] of [['acme', ['acme']], [7, ['7']], [true, ['true']], [['a', 'b', 'a'], ['a', 'b']], [[1, '1', 2], ['1', '2']]]) {
    assert.deepEqual(contextOf({ u: { organization_id: given } }).filter_claims, { organization_id: expected });
  }
});

test('SQL in a claim is a value like any other', () => {
  const value = '\'; DROP TABLE orders; -- " \\ ${orders} {x}';
  assert.deepEqual(contextOf({ u: { organization_id: value } }).filter_claims.organization_id, [value]);
});

for (const [what, sub] of [['none', undefined], ['null', null], ['a number', 7], ['an empty text', ''], ['a very long text', 'x'.repeat(256)], ['a line break', 'a\nb']]) {
  test(`a token whose user is ${what} gets 401`, async () => {
    await rejects(ask(doors(), { authorization: tokenOf({ ...claimsWith(), sub }) }), 401);
  });
}

test('roles are a list of names, one name, or none', () => {
  for (const [roles, expected] of [['admin', ['admin']], [['a', 'b', 'a'], ['a', 'b']], [[], []]]) {
    assert.deepEqual(contextOf({ u: { roles } }).roles, expected);
  }
  for (const roles of [null, 7, { admin: true }, ['admin', 1], ['']]) {
    assert.throws(() => contextOf({ u: { roles } }), refusedWith(403));
  }
});

test('without row-level security a token is still verified, but no claim demanded', async () => {
  const open = doors({ rowLevelSecurity: { enabled: false } });
  const { request } = await ask(open, { authorization: tokenOf({ ...claimsWith(), u: undefined }) });
  assert.deepEqual(request.securityContext.filter_claims, {});
  await rejects(ask(open, { authorization: 'bad' }), 401);
});

test('an error that nobody foresaw is a 500 that says nothing', async (t) => {
  const log = mock.method(console, 'error', () => {});
  t.after(() => log.mock.restore());
  for (const thrown of [new TypeError('secret detail'), 'secret detail']) {
    const { checkAuth } = authentication(settingsWith(), async () => { throw thrown; });
    await assert.rejects(checkAuth({ headers: { authorization: 'x' } }, 'x'), (error) => refusedWith(500)(error) && !error.message.includes('secret'));
  }
});

test('a context is authentic, also after a way through JSON, unless anything in it was changed', () => {
  const context = contextOf({ u: { organization_id: ['a', 'b'], region: 'eu' } }, demanding('organization_id', 'region'));
  const sorted = JSON.parse(JSON.stringify({ seal: context.seal, exp: context.exp, ...context, filter_claims: { region: ['eu'], organization_id: ['a', 'b'] } }));
  assert.ok(isAuthentic(context));
  assert.ok(isAuthentic(sorted));
  for (const change of [{ user_id: 'bob' }, { exp: context.exp + 1 }, { roles: ['admin'] }, { filter_claims: { organization_id: ['c'] } }, { filter_claims: null }, { seal: '' }, { seal: undefined }]) {
    assert.ok(!isAuthentic({ ...sorted, ...change }), JSON.stringify(change));
  }
  for (const stranger of [undefined, null, {}, 'context', [], claimsWith()]) assert.ok(!isAuthentic(stranger));
});

// SQL

const login = ({ checkSqlAuth }, user, password) => checkSqlAuth({ protocol: 'postgres', method: 'password' }, user, password);

test('the SQL password is the token, the user its sub; nobody is a superuser', async () => {
  const answer = await login(doors(), 'ada', mine);
  assert.deepEqual(answer.securityContext.filter_claims, { organization_id: ['acme'] });
  assert.equal(answer.superuser, false);
  assert.equal(answer.skipPasswordCheck, true);
  assert.equal(answer.password, null);
});

for (const [what, user, password, status] of [
  ['a bad token', 'ada', 'bad', 401],
  ['an empty password', 'ada', '', 401],
  ['a password that is no text', 'ada', { token: mine }, 401],
  ['another user\'s name', 'bob', mine, 403],
  ['no name', undefined, mine, 403],
  ['a token without the claim', 'ada', tokenOf({ ...claimsWith(), u: {} }), 403],
  ['no password before any login', 'ada', null, 401],
]) {
  test(`an SQL login with ${what} is refused`, async () => {
    await rejects(login(doors(), user, password), status);
  });
}

test('an SQL API that is off lets nobody in', async () => {
  await rejects(login(doors({ sqlApi: 'off' }), 'ada', mine), 403);
  await rejects(login(doors({ sqlApi: 'perOrganization' }), 'ada', mine), 403);
});

test('nobody can become somebody else, and the refusal is a sentence: for false Cube prints the context', async () => {
  await rejects(doors().canSwitchSqlUser('ada', 'bob'), 403);
});

test('re-authentication gives the context of the login until the token ends', async () => {
  let now = NOW;
  const door = doors({ now: () => now });
  const { securityContext } = await login(door, 'ada', mine);
  assert.deepEqual((await login(door, 'ada', null)).securityContext, securityContext);
  await rejects(login(door, 'bob', null), 401);
  await rejects(login(door, 'ada', ''), 401);
  now += 60_000;
  await rejects(login(door, 'ada', undefined), 401);
});

test('a newer token with the same rights keeps the user\'s sessions alive, an older one doesn\'t shorten them', async () => {
  const door = doors();
  const longer = tokenOf(claimsWith({ exp: inSeconds(600) }));
  await login(door, 'ada', mine);
  await login(door, 'ada', longer);
  await login(door, 'ada', mine);
  assert.equal((await login(door, 'ada', null)).securityContext.exp, inSeconds(600));
});

test('a name that has stood for two organizations is never re-authenticated, not even when one token has ended', async () => {
  let now = NOW;
  const door = doors({ now: () => now });
  await login(door, 'ada', mine);
  now += 120_000;
  const later = tokenOf(claimsWith({ exp: inSeconds(600), u: { organization_id: 'umbrella' } }));
  await login(door, 'ada', later);
  await rejects(login(door, 'ada', null), 401);
  await login(door, 'ada', later);
  await rejects(login(door, 'ada', null), 401);
});

test('names over the limit are not remembered, and none is forgotten for them', async () => {
  const sessions = new SqlSessions({ mostUsers: 1 });
  const door = doors({ sessions });
  await login(door, 'ada', mine);
  await login(door, 'bob', tokenOf(claimsWith({ sub: 'bob' })));
  await login(door, 'ada', null);
  await rejects(login(door, 'bob', null), 401);
});

test('a service for one organization answers that one only, by every API', async () => {
  const door = doors({ sqlApi: 'perOrganization', organization: 'acme' });
  const mine = tokenOf(claimsWith());
  assert.equal((await ask(door, { authorization: `Bearer ${mine}` })).request.securityContext.user_id, 'ada');
  assert.equal((await door.checkSqlAuth({}, 'ada', mine)).securityContext.user_id, 'ada');
  for (const organizations of ['umbrella', ['acme', 'umbrella'], ['umbrella', 'acme']]) {
    const other = tokenOf(claimsWith({ u: { organization_id: organizations } }));
    await rejects(ask(door, { authorization: `Bearer ${other}` }), 403);
    await rejects(door.checkSqlAuth({}, 'ada', other), 403);
  }
});

test('who is exempt from the claim is in no organization\'s service', async () => {
  const rowLevelSecurity = { exemptRoles: { organization_id: ['auditor'] } };
  const token = tokenOf({ ...claimsWith(), u: { roles: ['auditor'] } });
  assert.equal((await ask(doors({ rowLevelSecurity }), { authorization: `Bearer ${token}` })).request.securityContext.user_id, 'ada');
  await rejects(ask(doors({ rowLevelSecurity, organization: 'acme' }), { authorization: `Bearer ${token}` }), 403);
});
