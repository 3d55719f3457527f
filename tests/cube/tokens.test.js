'use strict';

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const { test } = require('node:test');
const { tokenVerifier } = require('../../floe_cube_infra/cube/tokens');
const { sharedSecrets } = require('../../floe_cube_infra/cube/environment');
const { SECRET, clock, claimsWith, inSeconds, part, settingsWith, tokenOf } = require('./samples');

const verifierWith = (jwt = {}, secrets = [SECRET]) => tokenVerifier(settingsWith({ jwt }).jwt, secrets, { now: clock });
const verify = verifierWith();

const is = (status, message) => (error) => {
  assert.equal(error.constructor.name, 'CubejsHandlerError');
  assert.equal(error.status, status);
  assert.match(error.message, message);
  return true;
};
const notValid = is(401, /^The token is not valid\.$/);

const header = (changes) => ({ header: { alg: 'HS256', typ: 'JWT', ...changes } });
const [head, body, signature] = tokenOf(claimsWith()).split('.');
const twice = '{"sub":"ada","exp":1900000000,"u":{"organization_id":"acme","organization_id":"umbrella"}}';

const attacks = [
  ['undefined', undefined],
  ['an object', { toString: () => tokenOf(claimsWith()) }],
  ['empty', ''],
  ['garbage', 'garbage'],
  ['dots only', '..'],
  ['without a signature', `${head}.${body}.`],
  ['of two parts', `${head}.${body}`],
  ['of four parts', `${head}.${body}.${signature}.${signature}`],
  ['with somebody else\'s body', `${head}.${part(claimsWith({ u: { organization_id: 'umbrella' } }))}.${signature}`],
  ['with a cut signature', `${head}.${body}.${signature.slice(0, -4)}`],
  ['with a padded signature', `${head}.${body}.${signature}=`],
  ['with a signature written another way', `${head}.${body}.${signature.slice(0, -1)}${signature.endsWith('A') ? 'B' : 'A'}`],
  ['with a line break', `${head}.${body}.${signature}\n`],
  ['signed with another secret', tokenOf(claimsWith(), { key: `${SECRET}!` })],
  ['signed with no secret', tokenOf(claimsWith(), { key: '' })],
  ['with the algorithm none', `${part({ alg: 'none' })}.${body}.`],
  ['with the algorithm none and a signature', `${part({ alg: 'none' })}.${body}.${signature}`],
  ['with the algorithm nOnE', tokenOf(claimsWith(), { ...header({ alg: 'nOnE' }), algorithm: 'HS256' })],
  ['without an algorithm', tokenOf(claimsWith(), { ...header({ alg: undefined }), algorithm: 'HS256' })],
  ['with a list of algorithms', tokenOf(claimsWith(), { ...header({ alg: ['HS256'] }), algorithm: 'HS256' })],
  ['with an algorithm that isn\'t the stack\'s', tokenOf(claimsWith(), header({ alg: 'HS512' }))],
  ['with a critical extension', tokenOf(claimsWith(), header({ crit: ['exp'] }))],
  ['with a key id that is a number', tokenOf(claimsWith(), header({ kid: 7 }))],
  ['with a claim twice', tokenOf(twice)],
  ['with a claim twice, once escaped', tokenOf(twice.replace('"organization_id":"u', '"organization\\u005fid":"u'))],
  ['with the algorithm twice', tokenOf(claimsWith(), { header: '{"alg":"HS256","alg":"HS256"}', algorithm: 'HS256' })],
  ['whose body is a list', tokenOf('[1]')],
  ['whose body is null', tokenOf('null')],
  ['whose body isn\'t JSON', tokenOf('{"sub":')],
  ['whose body isn\'t UTF-8', tokenOf(Buffer.from([0x22, 0xff, 0x22]).toString('latin1'))],
  ['that never ends', tokenOf(claimsWith({ exp: undefined }))],
  ['that ends at a text', tokenOf(claimsWith({ exp: '1900000000' }))],
  ['that ends at null', tokenOf(claimsWith({ exp: null }))],
  ['that ends at infinity', tokenOf('{"sub":"ada","exp":1e999}')],
  ['that begins at a text', tokenOf(claimsWith({ nbf: '0' }))],
  ['that begins at null', tokenOf(claimsWith({ nbf: null }))],
  ['for an audience where the stack has none', tokenOf(claimsWith({ aud: 'billing' }))],
  ['longer than allowed', tokenOf(claimsWith({ pad: 'x'.repeat(16384) }))],
];

for (const [what, token] of attacks) {
  test(`a token ${what} is refused with 401`, async () => {
    await assert.rejects(verify(token), notValid);
  });
}

test('a sound token gives its claims', async () => {
  assert.deepEqual(await verify(tokenOf(claimsWith())), claimsWith());
});

test('a claim may occur once in each of several objects, and braces in texts are no objects', async () => {
  const claims = claimsWith({ u: { sub: '}{"sub":1,"sub":2', list: [{ a: 1 }, { a: 2 }], 'a"b': '\\' } });
  assert.deepEqual(await verify(tokenOf(claims)), claims);
});

test('each of the rotated secrets is good, and no other', async () => {
  const rotated = verifierWith({}, ['n'.repeat(32), SECRET]);
  await rotated(tokenOf(claimsWith()));
  await rotated(tokenOf(claimsWith(), { key: 'n'.repeat(32) }));
  await assert.rejects(rotated(tokenOf(claimsWith(), { key: 'o'.repeat(32) })), notValid);
});

for (const alg of ['HS256', 'HS384', 'HS512']) {
  test(`${alg} is verified where the stack takes it`, async () => {
    await verifierWith({ algorithms: [alg] })(tokenOf(claimsWith(), header({ alg })));
  });
}

test('a token ends with the second of exp', async () => {
  await assert.rejects(verify(tokenOf(claimsWith({ exp: inSeconds(0) }))), is(401, /has expired/));
  await verify(tokenOf(claimsWith({ exp: inSeconds(0.5) })));
});

test('a token begins with the second of nbf', async () => {
  await assert.rejects(verify(tokenOf(claimsWith({ nbf: inSeconds(1) }))), is(401, /not valid yet/));
  await verify(tokenOf(claimsWith({ nbf: inSeconds(0) })));
});

test('the clock tolerance moves both ends', async () => {
  const tolerant = verifierWith({ clockToleranceSeconds: 10 });
  await tolerant(tokenOf(claimsWith({ exp: inSeconds(-9), nbf: inSeconds(10) })));
  await assert.rejects(tolerant(tokenOf(claimsWith({ exp: inSeconds(-10) }))), is(401, /has expired/));
  await assert.rejects(tolerant(tokenOf(claimsWith({ nbf: inSeconds(11) }))), is(401, /not valid yet/));
});

test('the issuer must be the stack\'s', async () => {
  const strict = verifierWith({ issuer: 'https://id.example.com' });
  await strict(tokenOf(claimsWith({ iss: 'https://id.example.com' })));
  for (const iss of [undefined, 'https://id.example.com/', ['https://id.example.com']]) {
    await assert.rejects(strict(tokenOf(claimsWith({ iss }))), notValid);
  }
});

test('the stack must be among the audience', async () => {
  const strict = verifierWith({ audience: 'cube' });
  await strict(tokenOf(claimsWith({ aud: 'cube' })));
  await strict(tokenOf(claimsWith({ aud: ['billing', 'cube'] })));
  for (const aud of [undefined, null, 'billing', [], ['billing'], ['cube', 1], { 0: 'cube' }]) {
    await assert.rejects(strict(tokenOf({ ...claimsWith(), aud })), notValid);
  }
});

test('whatever single character of a token is changed, it is refused', async () => {
  const token = tokenOf(claimsWith());
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === 'x' ? 'y' : 'x';
    await assert.rejects(verify(token.slice(0, at) + other + token.slice(at + 1)), notValid);
  }
});

test('random bytes are refused', async () => {
  for (let round = 0; round < 500; round += 1) {
    const noise = crypto.randomBytes(1 + (round % 90)).toString(round % 2 ? 'latin1' : 'base64url');
    await assert.rejects(verify(`${noise}.${noise}.${noise}`), notValid);
  }
});

test('while keys are rotated tokens of both are valid, and of the old one no longer once it is taken out', async () => {
  const [newest, old] = ['n'.repeat(64), 'o'.repeat(64)];
  const served = (list) => verifierWith({}, sharedSecrets(['HS256'], { CUBEJS_API_SECRETS: list }));
  const tokens = [newest, old].map((key) => tokenOf(claimsWith(), { key }));
  for (const token of tokens) assert.equal((await served(`${newest},${old}`)(token)).sub, 'ada');
  assert.equal((await served(newest)(tokens[0])).sub, 'ada');
  await assert.rejects(async () => served(newest)(tokens[1]), notValid);
});
