'use strict';

/**
 * Asks the database, by Cube's own driver and the environment that Cube gets, whether it answers; makes the schema
 * for pre-aggregations, since Cube's first queries would race for that; and answers one question where asked to.
 *
 *   node prepare_database.js SCHEMA [SQL]      SCHEMA may be empty: none is made
 *
 * Prints one line of JSON: {"ok": true, "value": first value of the first row, or null}, or
 * {"ok": false, "step": "connect" | "schema" | "ask", "code": the error's code or null, "message": its text}.
 */

const { createDriver } = require('@cubejs-backend/server-core/dist/src/core/DriverResolvers');

async function prepare(schema, sql) {
  let step = 'connect';
  let driver;
  try {
    driver = createDriver(process.env.CUBEJS_DB_TYPE, { maxPoolSize: 1, testConnectionTimeout: 15_000 });
    await driver.testConnection();
    step = 'schema';
    if (schema) await driver.createSchemaIfNotExists(schema);
    step = 'ask';
    const rows = sql ? await driver.query(sql, []) : [];
    const value = rows.length > 0 ? Object.values(rows[0])[0] : null;
    return { ok: true, value: value === null ? null : String(value) };
  } catch (error) {
    // The pool wraps what the driver said.
    const cause = error.cause ?? error;
    return { ok: false, step, code: cause.code ?? null, message: String(cause.message ?? error) };
  } finally {
    await driver?.release?.().catch(() => undefined);
  }
}

prepare(process.argv[2], process.argv[3]).then((answer) => {
  // Drivers log to standard output, too: the last line is the answer.
  process.stdout.write(`\n${JSON.stringify(answer)}\n`, () => process.exit(0));
});
