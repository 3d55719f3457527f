'use strict';

/**
 * The files of the mounted model folder: YAML for Cube, access rules for us.
 *
 * Cube's own scan reads every folder, the hidden ones of a ConfigMap mount (`..data`) too, and finds each cube
 * twice; and CUBEJS_SCHEMA_PATH can't be absolute. Hence a reader of our own, used by `repositoryFactory`.
 */

const fs = require('node:fs');
const path = require('node:path');
const { StartError } = require('./errors');

const MODEL = '.yml';
const ACCESS = '.access.json';
const DEEPEST = 8;

// Relative paths of all files that aren't hidden, in an order that doesn't depend on the file system.
function* walk(folder, below = '', depth = 0) {
  if (depth > DEEPEST) throw new StartError(`The model folder is more than ${DEEPEST} folders deep at ${below}; is a link going round in circles?`);
  const names = fs.readdirSync(path.join(folder, below)).filter((name) => !name.startsWith('.'));
  for (const name of names.sort()) {
    const relative = path.posix.join(below, name);
    // Follows links: every file of a ConfigMap is one.
    if (fs.statSync(path.join(folder, relative)).isDirectory()) yield* walk(folder, relative, depth + 1);
    else yield relative;
  }
}

/**
 * Reads the folder.
 *
 * @returns {{models: {fileName: string, content: string}[], access: {fileName: string, content: string}[]}}
 * @throws {StartError} if the folder can't be read, or two files (of different shards, say) have the same name
 */
function readModelFiles(folder) {
  const models = [];
  const access = [];
  const places = new Map();
  try {
    for (const fileName of walk(folder)) {
      const kind = [[MODEL, models], [ACCESS, access]].find(([suffix]) => fileName.endsWith(suffix));
      if (kind !== undefined) {
        const name = path.posix.basename(fileName);
        if (places.has(name)) {
          throw new StartError(`${name} is in the model folder twice: ${places.get(name)} and ${fileName}; keep one.`);
        }
        places.set(name, fileName);
        kind[1].push({ fileName, content: fs.readFileSync(path.join(folder, fileName), 'utf8') });
      }
    }
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`The model folder ${folder} can't be read (${error.code}); mount it there, or set FLOE_MODEL_PATH.`);
  }
  return { models, access };
}

const cubeName = (fileName, suffix) => path.posix.basename(fileName, suffix);

/** Throws a StartError unless every model file has its access rules beside it, and the other way round. */
function checkPairs({ models, access }) {
  const modelNames = new Set(models.map(({ fileName }) => cubeName(fileName, MODEL)));
  const accessNames = new Set(access.map(({ fileName }) => cubeName(fileName, ACCESS)));
  for (const name of modelNames) {
    if (!accessNames.has(name)) throw new StartError(`${name}${MODEL} has no ${name}${ACCESS} beside it; generate the model anew.`);
  }
  for (const name of accessNames) {
    if (!modelNames.has(name)) throw new StartError(`${name}${ACCESS} has no ${name}${MODEL} beside it; generate the model anew.`);
  }
}

module.exports = { readModelFiles, checkPairs, cubeName, ACCESS };
