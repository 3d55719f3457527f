'use strict';

const assert = require('node:assert/strict');
const { Readable } = require('node:stream');
const { test } = require('node:test');
const { StartError, forbidden } = require('../../floe_cube_infra/cube/errors');
const { guardSqlErrors } = require('../../floe_cube_infra/cube/sql_errors');

const HIDDEN = 'The query could not be answered; the log has the reason under this requestId.';
const DATABASE = 'Error: invalid input syntax for type integer: "somebody else"';
const GIVEN = { request: { id: 'r-1' }, session: {} };

/** The callbacks and options as Cube's Rust part gets them. */
async function handedOver(options) {
  const native = { registerInterface: async (given) => given };
  guardSqlErrors(native);
  return native.registerInterface(options);
}

/** What the Rust part is told where a callback fails with something. */
async function told(failure, given = GIVEN) {
  const { meta } = await handedOver({ meta: () => Promise.reject(failure) });
  return meta(given).then(() => assert.fail('it failed'), (error) => error.message);
}

test('a database\'s words are not told, whichever way they come', async () => {
  const expected = `${HIDDEN} (requestId: r-1)`;
  for (const failure of [new Error(DATABASE), { message: DATABASE }, { error: DATABASE }, DATABASE, new Error(''), {}, null, undefined]) {
    assert.equal(await told(failure), expected);
  }
});

test('every callback is wrapped, and what is no callback stays', async () => {
  const names = ['meta', 'sql', 'sqlApiLoad', 'stream', 'sqlGenerators', 'logLoadEvent', 'checkAuth', 'checkSqlAuth', 'canSwitchUserForSession', 'contextToApiScopes'];
  const fail = async () => {
    throw new Error(DATABASE);
  };
  const { pgPort, ...callbacks } = await handedOver({ pgPort: 15432, ...Object.fromEntries(names.map((name) => [name, fail])) });
  assert.equal(pgPort, 15432);
  assert.deepEqual(Object.keys(callbacks), names);
  for (const callback of Object.values(callbacks)) await assert.rejects(callback(GIVEN), { message: `${HIDDEN} (requestId: r-1)` });
});

test('our own sentences, and what is said of the query itself, stay', async () => {
  assert.equal(await told(forbidden('Access to the requested data is refused.')), 'Access to the requested data is refused. (requestId: r-1)');
  assert.equal(await told({ message: '\'x\' not found for path \'orders.x\'' }), '\'x\' not found for path \'orders.x\' (requestId: r-1)');
  assert.equal(await told(new Error('You requested hidden member: \'orders.email\'')), 'Access to the requested data is refused. (requestId: r-1)');
});

test('what makes the SQL API ask again stays as it is', async () => {
  for (const failure of [{ message: 'Continue wait' }, { error: 'Continue wait' }]) assert.equal(await told(failure), 'Continue wait');
});

test('the request is known from an object and from its text; without one its id is left out', async () => {
  assert.equal(await told(new Error(DATABASE), JSON.stringify(GIVEN)), `${HIDDEN} (requestId: r-1)`);
  for (const given of [null, {}, 'not JSON']) assert.equal(await told(new Error(DATABASE), given), HIDDEN);
});

test('answers are handed on as they are, but for an error among them', async () => {
  const answers = [{ compilerId: 'x' }, null, undefined, true, { error: DATABASE, query: 'SELECT' }];
  const { sql } = await handedOver({ sql: async () => answers.shift() });
  assert.deepEqual(await sql(GIVEN), { compilerId: 'x' });
  assert.deepEqual([await sql(GIVEN), await sql(GIVEN), await sql(GIVEN)], [null, undefined, true]);
  assert.deepEqual(await sql(GIVEN), { error: `${HIDDEN} (requestId: r-1)` });
});

test('an error between rows is not told either', async () => {
  async function* rows() {
    yield { id: 1 };
    throw Object.assign(new Error(DATABASE), { error: DATABASE });
  }
  const { stream } = await handedOver({ stream: async () => ({ stream: Readable.from(rows()) }) });
  const { stream: safe } = await stream(GIVEN);
  const error = await new Promise((resolve) => {
    safe.on('error', resolve).resume();
  });
  assert.deepEqual([error.error, error.message], [undefined, `${HIDDEN} (requestId: r-1)`]);
});

test('callbacks that can\'t be wrapped stop the start', () => {
  for (const native of [{}, Object.freeze({ registerInterface() {} })]) assert.throws(() => guardSqlErrors(native), StartError);
});
