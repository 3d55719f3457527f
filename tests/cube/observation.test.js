'use strict';

const assert = require('node:assert/strict');
const http = require('node:http');
const { after, before, test } = require('node:test');
const { guardAnswers } = require('../../floe_cube_infra/cube/answers');
const { observation } = require('../../floe_cube_infra/cube/observation');

const records = [];
let receiver;
let server;
let observed;
let reply;

before(async () => {
  receiver = http.createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    records.push(...JSON.parse(Buffer.concat(parts).toString('utf8')).records);
    response.writeHead(202).end();
  });
  await new Promise((resolve) => { receiver.listen(0, '127.0.0.1', resolve); });
  observed = observation({ port: receiver.address().port, sql: false }, () => ({ has: (name) => name === 'orders' }), 'postgres');
  guardAnswers();
  server = http.createServer((request, response) => reply(request, response));
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
});
after(() => {
  for (const each of [receiver, server]) {
    each.closeAllConnections();
    each.close();
  }
});

async function recordOf(requestId) {
  for (;;) {
    const found = records.filter((record) => record.requestId === requestId);
    if (found.length > 0) return found;
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
}
const ask = (path, headers = {}, method = 'GET') => fetch(`http://127.0.0.1:${server.address().port}${path}`, { headers, method });

test('switched off there is nothing', () => {
  assert.deepEqual(observation(null, () => null, 'postgres'), { listeners: [], hooks: {} });
});

test('a request is a record with its caller, its size and no SQL', async () => {
  reply = (request, response) => {
    const { requestId } = observed.hooks.extendContext(request);
    for (const hear of observed.listeners) {
      hear('Load Request', { requestId, query: { measures: ['orders.count'] } });
      hear('Load Request SQL', { requestId, sqlQuery: { sql: ['SELECT 1', []] } });
    }
    response.end('{"data":[{"orders.count":1}]}');
  };
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await ask('/cubejs-api/v1/load?query=%7B%7D', { 'x-request-id': 'a', traceparent, tracestate: 'v=1', 'x-openlineage-parent': 'ns/job%/123e4567-e89b-12d3-a456-426614174000' });
  const [record] = await recordOf('a');
  assert.deepEqual(record.lineageParent, { namespace: 'ns', job: 'job%', runId: '123e4567-e89b-12d3-a456-426614174000' });
  assert.deepEqual([record.traceparent, record.tracestate, record.rows, record.bytes, record.httpStatus, record.sql], [traceparent, 'v=1', 1, 29, 200, undefined]);
});

test('headers of no sound form are left out', async () => {
  reply = (_request, response) => response.writeHead(401).end();
  await ask('/cubejs-api/v1/load', { 'x-request-id': 'b', traceparent: 'secret', tracestate: 'v=1', 'x-openlineage-parent': 'secret' });
  const [record] = await recordOf('b');
  assert.deepEqual([record.traceparent, record.tracestate, record.lineageParent, record.errorType], [undefined, undefined, undefined, 'Unauthorized']);
});

test('what asks for no rows is no record', async () => {
  reply = (request, response) => {
    assert.deepEqual(observed.hooks.extendContext(request), {});
    response.end('{}');
  };
  await ask('/cubejs-api/v1/meta', { 'x-request-id': 'c' });
  await ask('/cubejs-api/v1/load', { 'x-request-id': 'c' }, 'OPTIONS');
  reply = (_request, response) => response.end('{"data":{"__typename":"Query"}}');
  await ask('/cubejs-api/graphql', { 'x-request-id': 'c' });
  reply = (_request, response) => response.end('{"errors":[{"message":"x"}]}', 'utf8');
  await ask('/cubejs-api/graphql', { 'x-request-id': 'd' });
  assert.equal((await recordOf('d'))[0].errorType, 'GraphQLError');
  reply = (_request, response) => response.writeHead(200).end('SELECT');
  await ask('/cubejs-api/v1/cubesql', { 'x-request-id': 'e' });
  assert.equal((await recordOf('e'))[0].api, 'sql');
  assert.equal(records.some(({ requestId }) => requestId === 'c'), false);
});

test('a caller that closes the connection counts as a failure', async () => {
  const abort = new AbortController();
  reply = () => abort.abort();
  await assert.rejects(fetch(`http://127.0.0.1:${server.address().port}/cubejs-api/v1/load`, { headers: { 'x-request-id': 'f' }, signal: abort.signal }));
  assert.equal((await recordOf('f'))[0].errorType, 'Cancelled');
});

test('a poll ends the query that waits', async () => {
  let polls = 0;
  reply = (request, response) => {
    const { requestId } = observed.hooks.extendContext(request);
    observed.listeners[0]('Load Request', { requestId, query: { measures: ['orders.count'] }, securityContext: { user_id: 'ada' } });
    polls += 1;
    response.end(polls < 3 ? '{"error":"Continue wait"}' : '{"data":[]}');
  };
  for (let asked = 0; asked < 3; asked += 1) await ask('/cubejs-api/v1/load', { 'x-request-id': 'g' });
  const found = await recordOf('g');
  assert.deepEqual(found.map((record) => [record.polls, record.rows]), [[2, 0]]);
});
