'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { eventLogger } = require('../../floe_cube_infra/cube/logging');
const { withoutValues } = require('../../floe_cube_infra/cube/safe_texts');

function logged(level, ...events) {
  const lines = [];
  const log = eventLogger(level, { write: (line) => lines.push(JSON.parse(line)) });
  for (const [message, params] of events) log(message, params);
  return lines;
}

test('an event is a line with names and numbers only', () => {
  const [line] = logged('info', ['Load Request Success', {
    requestId: 'r-1', apiType: 'rest', duration: 12, query: { filters: [{ values: ['secret'] }] }, securityContext: { user_id: 'secret' }, token: 'secret', sqlQuery: ['secret'],
  }]);
  assert.deepEqual(line, { level: 'info', message: 'Load Request Success', requestId: 'r-1', apiType: 'rest', duration: 12 });
});

test('steps of a query are told at the level trace only', () => {
  const events = [['Load Request', { requestId: 'r' }], ['Executing SQL', { requestId: 'r', query: 'secret' }]];
  assert.deepEqual(logged('info', ...events), []);
  assert.deepEqual(logged(undefined, ...events), []);
  assert.deepEqual(logged('trace', ...events).map(({ message }) => message), ['Load Request', 'Executing SQL']);
});

test('what fails is told at every level, even where Cube gives no details', () => {
  const events = [['Error querying db', { error: 'x' }], ['A name of tomorrow', { error: new Error('y') }], ['Internal Server Error', undefined], ['Slow Query Warning', { warning: 'slow' }]];
  assert.deepEqual(logged('warn', ...events).map(({ level }) => level), ['error', 'warn', 'error', 'warn']);
  assert.deepEqual(logged('error', ...events).map(({ level }) => level), ['error', 'error']);
});

test('an error of any kind is told without values', () => {
  const errors = ['password=hunter2 for user', new Error('password=hunter2 for user'), { message: 'password=hunter2 for user' }, { code: 1 }];
  assert.deepEqual(logged('error', ...errors.map((error) => ['Orchestrator error', { error }])).map(({ error }) => error), [
    ...Array(3).fill('password=[credential] for user'), '',
  ]);
});

test('listeners are told everything, and their mistakes are their own', () => {
  const heard = [];
  const lines = [];
  const log = eventLogger('info', {
    write: (line) => lines.push(line),
    listeners: [() => { throw new Error('broken'); }, (message, params) => heard.push([message, params])],
  });
  log('Load Request', { query: 1 });
  log('Load Request Success', { duration: 1 });
  assert.deepEqual(heard, [['Load Request', { query: 1 }], ['Load Request Success', { duration: 1 }]]);
  assert.equal(lines.length, 1);
});

for (const [text, expected] of [
  ['connect to postgres://cube:hunter2@db.example.com/shop failed', 'connect to postgres://db.example.com/shop failed'],
  ['Bearer abc.def is wrong', 'Bearer [credential] is wrong'],
  ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig ended', 'token [token] ended'],
  ['{"password": "hunter2", "user": 1}', '{"password": [credential], "user": 1}'],
  ['no row for ada@example.com', 'no row for [e-mail]'],
  ['WHERE name = \'O\'\'Brien\' AND x', 'WHERE name = \'?\' AND x'],
  ['Key (email)=(a b) already exists', 'Key (email)=(?) already exists'],
  ['invalid input syntax for type integer: "secret"', 'invalid input syntax for type integer: "?"'],
  ['column "orders.amount" does not exist', 'column "orders.amount" does not exist'],
  ['call +49 170 1234567 or 4111-1111-1111-1111', 'call +49 170 ? or ?'],
  ['UserError: \'x\' not found for path \'orders.x\' and \'secret\'', 'UserError: \'x\' not found for path \'orders.x\''],
  ['first line\nat secret (/cube/x.js:1)', 'first line'],
  [undefined, 'undefined'],
]) {
  test(`without values: ${String(text).split('\n')[0]}`, () => assert.equal(withoutValues(text), expected));
}

test('a text is cut at 500 characters, however long it was', () => {
  assert.equal(withoutValues('x '.repeat(100_000)).length, 500);
});
