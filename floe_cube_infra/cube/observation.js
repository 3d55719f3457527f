'use strict';

/**
 * Observation of queries, by settings: from Cube's events and the requests to records, and to the observer beside Cube.
 * Switched off there is no listener, no hook and no timer.
 */

const { ObservedRequests } = require('./observed_requests');
const { QueryRecords } = require('./query_records');
const { RecordDelivery } = require('./record_delivery');
const { RollupBuilds } = require('./rollup_builds');
const { withoutLiterals } = require('./statement_text');

const SWEEP = 5000;

/**
 * @param {{port: number, sql: boolean} | null} settings of settings.json
 * @param {() => {has: (name: string) => boolean}} model gives the cubes as they are now
 * @param {string} databaseType CUBEJS_DB_TYPE
 * @returns {{listeners: Function[], hooks: object}} for the logger, and among Cube's options
 */
function observation(settings, model, databaseType) {
  if (settings === null) return { listeners: [], hooks: {} };
  const delivery = new RecordDelivery({ port: settings.port });
  const records = new QueryRecords({
    isCube: (name) => model().has(name),
    sqlText: settings.sql ? (sql) => withoutLiterals(sql, databaseType) : () => undefined,
    write: delivery.write,
    drop: delivery.drop,
  });
  const requests = new ObservedRequests(records);
  requests.start();
  delivery.start();
  const builds = new RollupBuilds({ write: delivery.write });
  setInterval(() => records.sweep(), SWEEP).unref();
  return { listeners: [records.hear, builds.hear], hooks: { extendContext: requests.extendContext } };
}

module.exports = { observation };
