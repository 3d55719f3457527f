'use strict';

/**
 * Answers one request a line on stdin with one line on stdout, both JSON, until stdin ends.
 *
 * Request: `files` ({path: text}) or `folder` (its files are read), `dialect` (default postgres), `queries`.
 * Answer: `errors`, and where there are none, `cubes` and the `sql` of each query; the same again under `declared`, for
 * what cube.js hands Cube in place of the YAML, with the files that it leaves as they are (`left`).
 */

const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');

// Planning SQL in Rust needs the addon.
process.env.CUBEJS_TESSERACT_SQL_PLANNER = 'false';
process.env.NODE_ENV = 'production';

const answers = process.stdout.write.bind(process.stdout);
// Cube warns on stdout.
console.log = console.error;
console.warn = console.error;

const { declaredModel } = require('../../floe_cube_infra/cube/declared_model');
const { compileModel } = require('./compile_model');
const { describeModel, buildSql } = require('./describe_model');

function readFolder(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ fileName: path.relative(folder, file), content: fs.readFileSync(file, 'utf8') }));
}

async function tell(files, dialect, queries) {
  const { errors, compilers } = await compileModel(files);
  if (errors.length > 0) return { errors };
  return { errors, cubes: describeModel(compilers, dialect), sql: buildSql(compilers, dialect, queries) };
}

async function answer({ files, folder, dialect = 'postgres', queries = [] }) {
  const given = folder ? readFolder(folder) : Object.entries(files).map(([fileName, content]) => ({ fileName, content }));
  const { files: declared, left } = declaredModel('0', '0', given);
  return {
    ...await tell(given, dialect, queries),
    declared: { ...await tell(declared, dialect, queries), left: left.map(({ fileName }) => fileName) },
  };
}

async function serve() {
  for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const told = await answer(JSON.parse(line)).catch((error) => ({ failure: error.stack }));
    answers(`${JSON.stringify(told)}\n`);
  }
}

serve();
