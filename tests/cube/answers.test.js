'use strict';

const assert = require('node:assert/strict');
const http = require('node:http');
const { after, before, test } = require('node:test');
const { guardAnswer, guardAnswers } = require('../../floe_cube_infra/cube/answers');
const { forbidden } = require('../../floe_cube_infra/cube/errors');

const SECRET_SQL = 'SELECT * FROM internal.table WHERE email = \'ada@example.com\'';
let server;
let reply;

// A server that answers whatever the test says, as Cube's parts do: with end() and headers of their own.
before(async () => {
  guardAnswers();
  server = http.createServer((request, response) => reply(request, response));
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
});
after(() => server.close());

async function answered(respond, { path = '/cubejs-api/v1/load', headers = {}, method = 'GET' } = {}) {
  reply = respond;
  const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`, { headers, method });
  const text = await response.text();
  return { status: response.status, text, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}
const json = (status, body) => (_request, response) => {
  const text = JSON.stringify(body);
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.setHeader('content-length', Buffer.byteLength(text));
  response.setHeader('etag', 'W/"1"');
  response.end(text, 'utf8');
};

test('rows leave as they are', async () => {
  const { status, text, headers } = await answered(json(200, { data: [{ 'orders.count': '1', error: SECRET_SQL }] }));
  assert.equal(status, 200);
  assert.equal(text, JSON.stringify({ data: [{ 'orders.count': '1', error: SECRET_SQL }] }));
  assert.equal(headers.get('etag'), 'W/"1"');
});

for (const [name, status, error, expected, expectedStatus = status] of [
  ['a database\'s error', 400, `Error: ${SECRET_SQL}`, /could not be answered/],
  ['a mistake of Cube\'s', 500, 'TypeError: Cannot read properties of undefined (reading \'x\')\n    at /cube/node_modules/x.js:1', /could not be answered/],
  ['a hidden member', 500, 'Error: You requested hidden member: \'orders.secret\'', /^Access to the requested data is refused\.$/, 403],
  ['a model that doesn\'t compile', 500, 'Error: Compile errors:\norders.yml: secret', /could not be answered/],
  ['an unknown member', 400, '\'nothing\' not found for path \'orders.nothing\'', /^'nothing' not found for path 'orders\.nothing'$/],
  ['a query of no form', 400, 'Invalid query format: "limit" must be a number', /^Invalid query format: "limit" must be a number$/],
  ['an error with Cube\'s class before it', 500, 'UserError: Query param is required', /^Query param is required$/, 400],
  ['a bad token', 401, 'jwt malformed: eyJhbGciOi', /^A token is required\.$/],
  ['a refusal of another\'s', 403, 'tenant acme has no access', /^Access to the requested data is refused\.$/],
  ['a body that is too large', 413, 'PayloadTooLargeError: request entity too large', /^The request is too large\.$/],
  ['no text', 502, undefined, /could not be answered/],
]) {
  test(`${name} is told safely`, async () => {
    const { status: told, body, headers } = await answered(json(status, { error, stack: 'at secret', plainError: 'secret' }));
    assert.equal(told, expectedStatus);
    assert.deepEqual(Object.keys(body), ['error', 'requestId']);
    assert.match(body.error, expected);
    assert.doesNotMatch(JSON.stringify(body), /secret|internal|ada@|node_modules/);
    assert.equal(headers.get('etag'), null);
  });
}

test('the sentences of our own answers leave as they are', async () => {
  const { message } = forbidden('This is refused for a reason of ours.');
  assert.equal((await answered(json(403, { error: message }))).body.error, message);
});

test('the requestId is the caller\'s, its trace\'s, or a new one, and never what could be anything', async () => {
  const failure = json(500, { error: 'x' });
  const idOf = async (headers) => (await answered(failure, { headers })).body.requestId;
  assert.equal(await idOf({ 'x-request-id': 'abc-1' }), 'abc-1');
  assert.equal(await idOf({ traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }), '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
  for (const strange of ['<script>', 'a'.repeat(129)]) assert.match(await idOf({ 'x-request-id': strange }), /^[0-9a-f-]{36}$/);
  reply = null;
  const logged = await answered((request, response) => { request.context = { requestId: 'as-logged' }; failure(request, response); });
  assert.equal(logged.body.requestId, 'as-logged');
});

test('GraphQL\'s errors are told safely, beside data', async () => {
  const { status, body } = await answered(json(200, {
    errors: [
      { message: SECRET_SQL, path: ['cube'], locations: [{ line: 1, column: 3 }], extensions: { stack: 'secret' } },
      { message: 'Cannot query field "emial" on type "Customers". Did you mean "email"?' },
      null,
    ],
    data: null,
  }), { path: '/cubejs-api/graphql', headers: { 'x-request-id': 'g-1' } });
  assert.equal(status, 200);
  assert.deepEqual(body.errors.map(({ message }) => message), [
    'The query could not be answered; the log has the reason under this requestId.',
    'Cannot query field "emial" on type "Customers".',
    'The query could not be answered; the log has the reason under this requestId.',
  ]);
  assert.deepEqual(body.errors[0], { message: body.errors[0].message, locations: [{ line: 1, column: 3 }], path: ['cube'], extensions: { requestId: 'g-1' } });
  assert.equal(body.data, null);
});

test('what is no JSON is replaced, too', async () => {
  const html = (_request, response) => { response.statusCode = 404; response.end('<pre>Cannot GET /secret</pre>'); };
  const { body } = await answered(html, { path: '/secret' });
  assert.deepEqual(Object.keys(body), ['error', 'requestId']);
  assert.equal(body.error, 'There is nothing at this address.');
});

test('a HEAD has no body, and an empty failure gets one', async () => {
  const empty = (_request, response) => { response.statusCode = 500; response.end(); };
  assert.equal((await answered(empty, { method: 'HEAD' })).text, '');
  assert.match((await answered(empty)).body.error, /could not be answered/);
});

test('health is told as it is', async () => {
  assert.deepEqual((await answered(json(500, { health: 'DOWN' }), { path: '/readyz' })).body, { health: 'DOWN' });
});

test('headers that were sent can\'t be changed, and the answer ends all the same', async () => {
  const late = (_request, response) => { response.writeHead(500, { 'content-type': 'application/json' }); response.end('{"a":1}'); };
  assert.deepEqual((await answered(late)).body, { a: 1 });
});

test('guarding twice is guarding once', async () => {
  const twice = (request, response) => { guardAnswer(request, response); json(500, { error: SECRET_SQL })(request, response); };
  assert.match((await answered(twice)).body.error, /could not be answered/);
});
