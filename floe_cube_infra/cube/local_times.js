'use strict';

/**
 * Which moment a local time is: where ranges of dates and the partitions of rollups begin and end.
 *
 * Cube 1.7 looks the zone's offset up as if the local time were one of UTC. Around a change of the clocks that is the
 * offset before or after it: in Sydney, the day on which summer begins begins an hour early, in queries and in partitions.
 * Here the offset is that of the local time.
 */

const { createRequire } = require('node:module');

const METHOD = 'localTimestampToUtc';

function cubesTimes() {
  try {
    const time = '@cubejs-backend/shared/dist/src/time';
    return { time: require(time), moment: createRequire(require.resolve(time))('moment-timezone') };
  } catch {
    return {};
  }
}

/**
 * Makes Cube use it from now on.
 *
 * @param {{time?: object, moment?: object}} [parts] Cube's functions of time, and its moment-timezone; others for tests
 */
function keepLocalTimes({ time, moment } = cubesTimes()) {
  if (typeof time?.[METHOD] !== 'function' || typeof moment?.tz?.zone !== 'function') return;
  const convert = time[METHOD];
  time[METHOD] = function convertLocal(timezone, format, timestamp) {
    const zone = moment.tz.zone(timezone);
    const local = Date.parse(`${timestamp}Z`);
    // What isn't a local time is Cube's business.
    if (!zone || Number.isNaN(local) || zone.parse(local) === zone.utcOffset(local)) return convert(timezone, format, timestamp);
    const utc = new Date(local + zone.parse(local) * 60_000).toJSON().slice(0, -1);
    return convert('UTC', format, utc);
  };
}

module.exports = { keepLocalTimes };
