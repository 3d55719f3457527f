'use strict';

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const { test } = require('node:test');

const { publicKeyFor } = require('../../floe_cube_infra/cube/signatures');

const { publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = publicKey.export({ format: 'jwk' });

test('an RSA key with the usual exponent verifies', () => {
  assert.notEqual(publicKeyFor('RS256', jwk), null);
});

// With exponent 1 every signature verifies: the signed number is the signature itself.
for (const [exponent, e] of [[0, 'AA'], [1, 'AQ'], [2, 'Ag']]) {
  test(`an RSA key with the exponent ${exponent} is no key`, () => {
    assert.equal(publicKeyFor('RS256', { ...jwk, e }), null);
  });
}
