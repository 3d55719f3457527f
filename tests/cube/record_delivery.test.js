'use strict';

const assert = require('node:assert/strict');
const http = require('node:http');
const { test } = require('node:test');
const { RecordDelivery } = require('../../floe_cube_infra/cube/record_delivery');

// A receiver that answers what the test says; a function of the answer may leave it without one.
async function receiving(answer) {
  const batches = [];
  const server = http.createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    batches.push(JSON.parse(Buffer.concat(parts).toString('utf8')));
    answer(response, batches.length);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => { server.close(resolve); });
  };
  return { batches, port: server.address().port, close };
}
const status = (code) => (response) => response.writeHead(code).end();
async function until(condition) {
  while (!condition()) await new Promise((resolve) => { setTimeout(resolve, 10); });
}
async function delivering(answer, use) {
  const receiver = await receiving(answer);
  const delivery = new RecordDelivery({ port: receiver.port });
  delivery.start();
  try {
    await use(delivery, receiver);
  } finally {
    delivery.stop();
    await receiver.close();
  }
}

test('records arrive in batches, each once and in order', async () => {
  await delivering(status(202), async (delivery, { batches }) => {
    for (let number = 0; number < 1200; number += 1) delivery.write({ number });
    await until(() => delivery.state.waiting === 0);
    assert.deepEqual(batches.map(({ records }) => records.length), [500, 500, 200]);
    assert.deepEqual(batches.flatMap(({ records }) => records.map(({ number }) => number)), Array.from({ length: 1200 }, (_, number) => number));
    assert.ok(batches.every(({ version, dropped }) => version === 2 && dropped === 0));
  });
});

test('a full ring drops, counts, and tells so once', async () => {
  await delivering(status(202), async (delivery, { batches }) => {
    for (let number = 0; number < 20_010; number += 1) delivery.write({ number });
    delivery.write({ text: 'x'.repeat(2 << 20) });
    delivery.drop();
    assert.deepEqual(delivery.state, { waiting: 20_000, dropped: 12 });
    await until(() => delivery.state.waiting === 0);
    assert.equal(batches.reduce((sum, { dropped }) => sum + dropped, 0), 12);
    assert.equal(delivery.state.dropped, 0);
  });
});

test('no batch is larger than the observer takes', async () => {
  await delivering(status(202), async (delivery, { batches }) => {
    for (let number = 0; number < 100; number += 1) delivery.write({ text: 'x'.repeat(30_000) });
    await until(() => delivery.state.waiting === 0);
    assert.equal(batches.flatMap(({ records }) => records).length, 100);
    assert.ok(batches.every((batch) => Buffer.byteLength(JSON.stringify(batch)) <= 1 << 20));
  });
});

for (const [what, fault] of [
  ['answers 503', (response) => response.writeHead(503).end()],
  ['closes the connection', (response) => response.destroy()],
]) {
  test(`a batch is sent again where the observer ${what} at first`, async () => {
    const faulty = (response, count) => (count < 3 ? fault(response) : status(202)(response));
    await delivering(faulty, async (delivery, { batches }) => {
      delivery.write({ number: 1 });
      await until(() => delivery.state.waiting === 0);
      assert.equal(batches.length, 3);
      assert.deepEqual(batches.map(({ records }) => records.length), [1, 1, 1]);
    });
  });
}

test('what the observer refuses isn\'t sent again, and counts as dropped', async () => {
  const refusing = (response, count) => status(count === 1 ? 400 : 202)(response);
  await delivering(refusing, async (delivery, { batches }) => {
    delivery.write({ number: 1 });
    await until(() => batches.length === 2);
    assert.deepEqual(batches.map(({ dropped, records }) => [dropped, records.length]), [[0, 1], [1, 0]]);
  });
});

test('where nobody listens, records wait', async () => {
  const { port, close } = await receiving(status(202));
  await close();
  const delivery = new RecordDelivery({ port });
  delivery.start();
  delivery.write({ number: 1 });
  await new Promise((resolve) => { setTimeout(resolve, 600); });
  assert.deepEqual(delivery.state, { waiting: 1, dropped: 0 });
  delivery.stop();
});
