'use strict';

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const http = require('node:http');
const { after, before, beforeEach, mock, test } = require('node:test');
const { KeySet } = require('../../floe_cube_infra/cube/key_set');
const { tokenVerifier } = require('../../floe_cube_infra/cube/tokens');
const { NOW, claimsWith, settingsWith, tokenOf } = require('./samples');

const pair = (type, options) => crypto.generateKeyPairSync(type, options);
const rsa = pair('rsa', { modulusLength: 2048 });
const otherRsa = pair('rsa', { modulusLength: 2048 });
const weakRsa = pair('rsa', { modulusLength: 1024 });
const curves = { ES256: pair('ec', { namedCurve: 'P-256' }), ES384: pair('ec', { namedCurve: 'P-384' }), ES512: pair('ec', { namedCurve: 'P-521' }) };
const jwkOf = ({ publicKey }, fields) => ({ ...publicKey.export({ format: 'jwk' }), use: 'sig', ...fields });

// A server whose answer each test sets; it counts what it is asked.
let server;
let uri;
let answer;
let asked;
let now;

before(async () => {
  server = http.createServer((request, response) => {
    asked += 1;
    answer(response, request);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  uri = `http://127.0.0.1:${server.address().port}/keys`;
  mock.method(console, 'error', () => {});
});
after(() => {
  server.closeAllConnections();
  server.close();
  mock.restoreAll();
});
beforeEach(() => {
  asked = 0;
  now = NOW;
});

const serve = (...keys) => { answer = (response) => response.end(JSON.stringify({ keys })); };
const fail = () => { answer = (response) => { response.statusCode = 500; response.end('{"keys":[]}'); }; };

function verifierWith(jwt, limits = {}) {
  const keySet = new KeySet(uri, { now: () => now, ...limits });
  return tokenVerifier(settingsWith({ jwt: { algorithms: ['RS256', 'ES256'], jwksUri: uri, ...jwt } }).jwt, [], { now: () => now, keySet });
}
const signed = (key, alg, kid, claims = claimsWith({ exp: NOW / 1000 + 86400 })) => tokenOf(claims, { key, header: { alg, kid } });
const refusedWith = (status) => (error) => error.constructor.name === 'CubejsHandlerError' && error.status === status;

test('a token signed by a key of the set is good', async () => {
  serve(jwkOf(rsa, { kid: 'one' }));
  const claims = await verifierWith()(signed(rsa.privateKey, 'RS256', 'one'));
  assert.equal(claims.sub, 'ada');
});

for (const [alg, keys] of Object.entries(curves)) {
  test(`${alg} is verified on its own curve`, async () => {
    serve(jwkOf(keys, { kid: 'curve' }));
    await verifierWith({ algorithms: [alg] })(signed(keys.privateKey, alg, 'curve'));
  });
}

test('HS256 signed with the public RSA key as secret is refused', async () => {
  serve(jwkOf(rsa, { kid: 'one' }));
  const verify = verifierWith();
  for (const key of [rsa.publicKey.export({ format: 'pem', type: 'spki' }), rsa.publicKey.export({ format: 'der', type: 'spki' }), JSON.stringify(jwkOf(rsa, { kid: 'one' }))]) {
    await assert.rejects(verify(signed(key, 'HS256', 'one')), refusedWith(401));
  }
});

const unfit = [
  ['of another pair', () => jwkOf(otherRsa, { kid: 'one' })],
  ['of another type', () => jwkOf(curves.ES256, { kid: 'one' })],
  ['for encryption', () => jwkOf(rsa, { kid: 'one', use: 'enc' })],
  ['for signing only', () => jwkOf(rsa, { kid: 'one', key_ops: ['sign'] })],
  ['for another algorithm', () => jwkOf(rsa, { kid: 'one', alg: 'RS512' })],
  ['that is a shared secret', () => ({ kty: 'oct', k: 'c2VjcmV0', kid: 'one' })],
  ['that is broken', () => ({ kty: 'RSA', n: '!', e: 'AQAB', kid: 'one' })],
  ['that is no object', () => 'one'],
];
for (const [what, jwk] of unfit) {
  test(`a key ${what} verifies nothing`, async () => {
    serve(jwk());
    await assert.rejects(verifierWith()(signed(rsa.privateKey, 'RS256', 'one')), refusedWith(401));
  });
}

test('an RSA key under 2048 bits verifies nothing', async () => {
  serve(jwkOf(weakRsa, { kid: 'one' }));
  await assert.rejects(verifierWith()(signed(weakRsa.privateKey, 'RS256', 'one')), refusedWith(401));
});

test('a key that is no point of its curve verifies nothing', async () => {
  serve(jwkOf(curves.ES256, { kid: 'curve', x: 'AQAB' }));
  await assert.rejects(verifierWith()(signed(curves.ES256.privateKey, 'ES256', 'curve')), refusedWith(401));
});

test('a signature of the wrong length for its curve is refused', async () => {
  serve(jwkOf(curves.ES256, { kid: 'curve' }));
  const token = signed(curves.ES256.privateKey, 'ES256', 'curve');
  await assert.rejects(verifierWith()(token.slice(0, -4)), refusedWith(401));
});

test('a curve that isn\'t the algorithm\'s verifies nothing', async () => {
  serve(jwkOf(curves.ES384, { kid: 'curve' }));
  await assert.rejects(verifierWith()(signed(curves.ES384.privateKey, 'ES256', 'curve')), refusedWith(401));
});

test('a token without a key id is refused and nothing is fetched for it', async () => {
  serve(jwkOf(rsa, {}));
  await assert.rejects(verifierWith()(signed(rsa.privateKey, 'RS256', undefined)), refusedWith(401));
  assert.equal(asked, 0);
});

test('the keys are fetched once for many tokens, though they come at once', async () => {
  serve(jwkOf(rsa, { kid: 'one' }));
  const verify = verifierWith();
  await Promise.all(Array.from({ length: 20 }, () => verify(signed(rsa.privateKey, 'RS256', 'one'))));
  assert.equal(asked, 1);
});

test('an unknown key id has the keys fetched again, but at most every 30 seconds', async () => {
  serve(jwkOf(rsa, { kid: 'one' }));
  const verify = verifierWith();
  await verify(signed(rsa.privateKey, 'RS256', 'one'));
  serve(jwkOf(rsa, { kid: 'one' }), jwkOf(otherRsa, { kid: 'two' }));
  await assert.rejects(verify(signed(otherRsa.privateKey, 'RS256', 'two')), refusedWith(401));
  assert.equal(asked, 1);
  now += 30_000;
  await verify(signed(otherRsa.privateKey, 'RS256', 'two'));
  await Promise.allSettled(Array.from({ length: 20 }, (_, index) => verify(signed(rsa.privateKey, 'RS256', `none${index}`))));
  assert.equal(asked, 2);
});

test('a withdrawn key stops working after ten minutes', async () => {
  serve(jwkOf(rsa, { kid: 'one' }));
  const verify = verifierWith();
  await verify(signed(rsa.privateKey, 'RS256', 'one'));
  serve();
  now += 601_000;
  await assert.rejects(verify(signed(rsa.privateKey, 'RS256', 'one')), refusedWith(401));
});

test('a token that has been checked before ends all the same', async () => {
  serve(jwkOf(rsa, { kid: 'one' }));
  const verify = verifierWith();
  const token = signed(rsa.privateKey, 'RS256', 'one', claimsWith({ exp: NOW / 1000 + 60 }));
  await verify(token);
  now += 59_000;
  await verify(token);
  now += 1_000;
  await assert.rejects(verify(token), refusedWith(401));
});

test('when the keys can\'t be fetched any more they serve for an hour, then tokens can\'t be checked', async () => {
  serve(jwkOf(rsa, { kid: 'one' }));
  const verify = verifierWith();
  await verify(signed(rsa.privateKey, 'RS256', 'one'));
  fail();
  now += 3_599_000;
  await verify(signed(rsa.privateKey, 'RS256', 'one'));
  now += 2_000;
  await assert.rejects(verify(signed(rsa.privateKey, 'RS256', 'one')), refusedWith(503));
});

for (const [what, respond] of [
  ['with an error', (response) => { response.statusCode = 500; response.end(); }],
  ['with a redirect', (response, request) => {
    if (request.url === '/keys') response.writeHead(302, { location: '/elsewhere' }).end();
    else response.end(JSON.stringify({ keys: [jwkOf(rsa, { kid: 'one' })] }));
  }],
  ['with no JSON', (response) => response.end('<html>')],
  ['with no keys', (response) => response.end('{}')],
  ['with too much', (response) => response.end(JSON.stringify({ keys: [jwkOf(rsa, { kid: 'one' })], pad: 'x'.repeat(2000) }))],
  ['never', () => {}],
]) {
  test(`a key server that answers ${what} gives 503 and not an open door`, async () => {
    answer = respond;
    const verify = verifierWith({}, { timeoutMilliseconds: 200, maxBytes: 1500 });
    await assert.rejects(verify(signed(rsa.privateKey, 'RS256', 'one')), refusedWith(503));
  });
}

test('without options the verifier fetches the keys of the settings', async () => {
  serve(jwkOf(rsa, { kid: 'one' }));
  const verify = tokenVerifier(settingsWith({ jwt: { algorithms: ['RS256'], jwksUri: uri } }).jwt, []);
  const claims = claimsWith({ exp: Date.now() / 1000 + 60 });
  assert.deepEqual(await verify(signed(rsa.privateKey, 'RS256', 'one', claims)), claims);
});
