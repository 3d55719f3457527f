'use strict';

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const { beforeEach, mock, test } = require('node:test');
const { KnownSignatures } = require('../../floe_cube_infra/cube/known_signatures');

const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const signatureOf = (text, hash = 'sha256') => crypto.sign(hash, Buffer.from(text), privateKey);
const signed = Buffer.from('header.claims');
const signature = signatureOf('header.claims');

const verify = mock.method(crypto, 'verify');
beforeEach(() => verify.mock.resetCalls());

test('a signature is checked once', () => {
  const signatures = new KnownSignatures();
  for (const _ of [1, 2, 3]) assert.equal(signatures.isSignedWith('RS256', publicKey, signed, signature), true);
  assert.equal(verify.mock.callCount(), 1);
});

test('nothing else is taken for it', () => {
  const signatures = new KnownSignatures();
  assert.equal(signatures.isSignedWith('RS256', publicKey, signed, signature), true);
  const changed = Buffer.from(signature);
  changed[0] ^= 1;
  const others = [
    ['RS256', publicKey, Buffer.from('header.others'), signature],
    ['RS256', publicKey, signed, changed],
    ['RS256', publicKey, signed, Buffer.alloc(0)],
    ['RS256', publicKey, Buffer.alloc(0), signature],
    ['RS512', publicKey, signed, signature],
    ['RS256', other.publicKey, signed, signature],
  ];
  for (const one of [...others, ...others]) assert.equal(signatures.isSignedWith(...one), false);
  // What doesn't hold is checked each time: it could be sent without end.
  assert.equal(verify.mock.callCount(), 1 + 2 * others.length);
});

test('the same key fetched anew is asked anew', () => {
  const signatures = new KnownSignatures();
  const again = () => crypto.createPublicKey({ key: publicKey.export({ format: 'jwk' }), format: 'jwk' });
  for (const key of [publicKey, again(), again()]) assert.equal(signatures.isSignedWith('RS256', key, signed, signature), true);
  assert.equal(verify.mock.callCount(), 3);
});

test('no more are known than may be', () => {
  const signatures = new KnownSignatures({ mostKnown: 2 });
  const ask = (text) => signatures.isSignedWith('RS256', publicKey, Buffer.from(text), signatureOf(text));
  for (const text of ['a', 'b', 'c', 'c']) assert.equal(ask(text), true);
  assert.equal(verify.mock.callCount(), 3);
  assert.equal(ask('a'), true);
  assert.equal(verify.mock.callCount(), 4);
});
