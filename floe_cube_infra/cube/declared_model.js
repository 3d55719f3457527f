'use strict';

/**
 * The model as the files that Cube's compiler is handed: one small script that declares every cube and view, and as
 * YAML what could not be translated. Cube runs the script four times over, and changes what it is given; so it gets
 * copies.
 */

const { createRequire } = require('node:module');
const { cubeTables, modelDefinitions } = require('./model_definitions');

const SCRIPT = 'floe_model.js';
// Equal meaning is proven for this series of Cube; another one reads the YAML by itself, which is slow but its own.
const PROVEN = /^1\.7\./;
// The one that is compiled, and the one that it replaces.
const MOST_READINGS = 2;

// By version, and by variant.
const readings = new Map();

const copied = (value) => {
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copied(each)]));
};

/** Called by the script, with the functions that Cube gives it. */
function declare(version, variant, cube, view) {
  for (const { kind, name, definition } of readings.get(version).get(variant)) (kind === 'cube' ? cube : view)(name, copied(definition));
}

function remember(version, variant, definitions) {
  const variants = readings.get(version) ?? new Map();
  readings.delete(version);
  readings.set(version, variants.set(variant, definitions));
  while (readings.size > MOST_READINGS) readings.delete(readings.keys().next().value);
}

/** Cube's own reader of YAML and its tables, or null where Cube is of another version. */
function ownReader() {
  const compiler = createRequire(require.resolve('@cubejs-backend/schema-compiler'));
  if (!PROVEN.test(compiler('@cubejs-backend/schema-compiler/package.json').version)) return null;
  return { parse: compiler('js-yaml').load, tables: cubeTables() };
}

/**
 * What Cube is to compile.
 *
 * @param {string} version of the folder's files, hexadecimal
 * @param {string} variant which of the models that this version is to different people
 * @param {{fileName: string, content: string}[]} files YAML
 * @param {{parse, tables} | null} [reader]
 * @returns {{files: {fileName: string, content: string}[], places: Map<string, string>,
 *   left: {fileName: string, reason: string}[]}} `places` has the file of each cube and view that the script declares
 */
function declaredModel(version, variant, files, reader = ownReader()) {
  if (reader === null) return { files, places: new Map(), left: files.map(({ fileName }) => ({ fileName, reason: 'Cube is of another version' })) };
  const { definitions, left } = modelDefinitions(files, reader.parse, reader.tables);
  remember(version, variant, definitions);
  const [here, ...key] = [__filename, version, variant].map((text) => JSON.stringify(text));
  const script = `require(${here}).declare(${key.join(', ')}, cube, view);\n`;
  const unread = new Set(left.map(({ fileName }) => fileName));
  return {
    files: [...(definitions.length > 0 ? [{ fileName: SCRIPT, content: script }] : []), ...files.filter(({ fileName }) => unread.has(fileName))],
    places: new Map(definitions.map(({ name, fileName }) => [name, fileName])),
    left,
  };
}

module.exports = { declare, declaredModel, SCRIPT };
