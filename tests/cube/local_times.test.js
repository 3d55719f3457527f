'use strict';

// Which moments Cube takes local times for, tried at its own function and held against moment-timezone's own answers.

const assert = require('node:assert/strict');
const { createRequire } = require('node:module');
const { test } = require('node:test');
const { keepLocalTimes } = require('../../floe_cube_infra/cube/local_times');

const path = '@cubejs-backend/shared/dist/src/time';
const time = require(path);
const shared = require('@cubejs-backend/shared');
const moment = createRequire(require.resolve(path))('moment-timezone');

const cubes = time.localTimestampToUtc;
const FORMAT = 'YYYY-MM-DDTHH:mm:ss.SSS';
const ZONES = ['UTC', 'Europe/Amsterdam', 'America/New_York', 'Australia/Sydney', 'Pacific/Auckland', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Apia'];

/** Local times of a year, each 197 minutes, with milliseconds as ends of days have them. */
function* localTimes() {
  for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 197 * 60_000) yield new Date(at + (at % 1000 ? 0 : 999)).toJSON().slice(0, -1);
}

/** Whether the clocks show it just once. */
function isOnce(zone, timestamp) {
  const found = moment.tz(timestamp, zone);
  const again = [-60, 60].some((minutes) => found.clone().add(minutes, 'minutes').format(FORMAT) === timestamp);
  return found.format(FORMAT) === timestamp && !again;
}

test('a local time is the moment that the clocks of its zone show it', () => {
  assert.equal(cubes('Australia/Sydney', FORMAT, '2026-10-04T00:00:00.000'), '2026-10-03T13:00:00.000');
  keepLocalTimes();
  // As Cube's other packages have it.
  assert.equal(shared.localTimestampToUtc('Australia/Sydney', FORMAT, '2026-10-04T00:00:00.000'), '2026-10-03T14:00:00.000');
  let changed = 0;
  for (const zone of ZONES) {
    for (const timestamp of localTimes()) {
      if (!isOnce(zone, timestamp)) continue;
      const given = shared.localTimestampToUtc(zone, FORMAT, timestamp);
      assert.equal(given, moment.tz(timestamp, zone).utc().format(FORMAT), `${zone} ${timestamp}`);
      if (given !== cubes(zone, FORMAT, timestamp)) changed += 1;
    }
  }
  assert.ok(changed > 10, changed);
});

test('every format stays as it is, and so does what is no local time', () => {
  const formats = ['YYYY-MM-DD[T]HH:mm:ss.SSS[Z]', 'YYYY-MM-DDTHH:mm:ss.SSSSSS', 'YYYY-MM-DD[T]HH:mm:ss.SSSSSS[Z]', FORMAT];
  for (const format of formats) {
    assert.equal(shared.localTimestampToUtc('Europe/Amsterdam', format, '2026-06-01T23:59:59.999'), cubes('Europe/Amsterdam', format, '2026-06-01T23:59:59.999'));
    // Where they differ it is another moment in the same format.
    assert.equal(
      shared.localTimestampToUtc('Australia/Sydney', format, '2026-10-04T00:30:00.999').length,
      cubes('Australia/Sydney', format, '2026-10-04T00:30:00.999').length,
    );
  }
  for (const other of [null, undefined, '', '2026-06-01']) {
    assert.deepEqual(shared.localTimestampToUtc('UTC', FORMAT, other), cubes('UTC', FORMAT, other));
  }
  assert.throws(() => shared.localTimestampToUtc('Mars/Olympus', FORMAT, '2026-06-01T00:00:00.000'), /Unknown timezone/);
});

test('a Cube that has other functions stays as it is', () => {
  const other = {};
  keepLocalTimes({ time: other, moment });
  keepLocalTimes({});
  assert.deepEqual(other, {});
});
