'use strict';

/*
 * Lets Cube's own drivers unload into export buckets, without a warehouse and without a bucket: of each case it tells
 * where the warehouse is told to write, and where Cube looks for what was written.
 *
 * Reads JSON from its input: a list of {database, variables}. Writes a list of {written, listed, options} or {error}.
 */

const fs = require('node:fs');
const Module = require('node:module');

// Java's bridge is native and can't be had; it is asked for when the driver is loaded, and not by what is tried here.
const load = Module._load;
Module._load = (name, ...rest) => (name === 'java' ? {} : load(name, ...rest));

const TABLE = 'rollups.orders';
const OPTIONS = { query: { sql: 'SELECT 1', params: [] }, maxFileSize: 64 };

const drivers = {
  snowflake: () => require('@cubejs-backend/snowflake-driver').SnowflakeDriver,
  bigquery: () => require('@cubejs-backend/bigquery-driver').BigQueryDriver,
  databricks: () => require('@cubejs-backend/databricks-jdbc-driver').DatabricksDriver,
  trino: () => require('@cubejs-backend/trino-driver').TrinoDriver,
};

function withoutWarehouse(driver, told) {
  const taken = async (sql) => {
    told.sql = told.sql ?? sql;
    return [{ rows_unloaded: '1' }];
  };
  const looked = (kind) => async (options, bucket, prefix) => {
    told.listed = { kind, bucket, prefix };
    told.options = options;
    return [];
  };
  Object.assign(driver, {
    query: taken,
    execute: (_connection, sql) => taken(sql),
    getConnection: async () => ({}),
    queryColumnTypes: async () => [],
    extractUnloadedFilesFromS3: looked('s3'),
    extractFilesFromGCS: looked('gcs'),
  });
}

/** BigQuery's driver has Google's clients do it, and names no address. */
function withoutBigQuery(driver, told) {
  const job = async (file) => {
    told.sql = `'gs://${file.bucket.name}/${file.name}'`;
    return [{}];
  };
  driver.bigquery = { dataset: () => ({ table: () => ({ createExtractJob: job }) }) };
  driver.waitForJobResult = async () => undefined;
  driver.bucket.getFiles = async ({ prefix }) => {
    told.listed = { kind: 'gcs', bucket: driver.bucket.name, prefix };
    return [[]];
  };
}

async function unload({ database, variables }) {
  for (const name of Object.keys(process.env)) if (name.startsWith('CUBEJS_')) delete process.env[name];
  Object.assign(process.env, variables);
  const told = {};
  try {
    const driver = new (drivers[database]())();
    if (database === 'bigquery') withoutBigQuery(driver, told);
    else withoutWarehouse(driver, told);
    if (!(await driver.isUnloadSupported())) return { error: 'it unloads nothing' };
    await driver.unload(TABLE, OPTIONS);
  } catch (error) {
    return { error: error.message };
  }
  return { ...told, written: /'([a-z0-9]+:[^']*)'/.exec(told.sql)?.[1] ?? null };
}

async function main() {
  const found = [];
  for (const each of JSON.parse(fs.readFileSync(0, 'utf8'))) found.push(await unload(each));
  process.stdout.write(JSON.stringify(found));
}

main();
