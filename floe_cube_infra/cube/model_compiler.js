'use strict';

/** Compiles the model with Cube's own compiler, outside of its server, to say what is wrong with it and where. */

const { stripVTControlCharacters } = require('node:util');

const OWNER = /^([A-Za-z_]\w*) cube: /;
const UNKNOWN = /^(\w+) is not defined/;
const firstLine = (text) => text.split('\n', 1)[0];

// Cube names neither the file of a mistake in YAML, nor (for our script) that of a mistake in a cube.
function fileOf(text, error, { places, left }) {
  const owner = OWNER.exec(text)?.[1];
  if (places.has(owner)) return places.get(owner);
  const name = UNKNOWN.exec(text)?.[1];
  return left.find(({ reason }) => text.includes(firstLine(reason)) || reason.includes(`{${name}`))?.fileName ?? error.fileName;
}

function told(error, model) {
  const text = stripVTControlCharacters(String(error.plainMessage || error.message || error)).trim();
  const fileName = fileOf(text, error, model);
  return fileName ? `${fileName}: ${text}` : text;
}

/**
 * What Cube's compiler says about a model.
 *
 * @param {{files: object[], places: Map<string, string>, left: object[]}} model as declaredModel gives it
 * @returns {Promise<string[]>} sentences, each with the file where that is known; none if Cube takes the model
 */
async function modelErrors(model) {
  const { prepareCompiler } = require('@cubejs-backend/schema-compiler');
  const repository = { localPath: () => '.', dataSchemaFiles: async () => model.files };
  const { compiler } = prepareCompiler(repository, { allowNodeRequire: true, standalone: true });
  try {
    await compiler.compile();
    return [];
  } catch (error) {
    const reported = compiler.errorsReporter?.getErrors() ?? [];
    return (reported.length > 0 ? reported : [error]).map((each) => told(each, model));
  } finally {
    // Cube leaves its worker threads running when a model doesn't compile.
    compiler.workerPool?.terminate();
  }
}

module.exports = { modelErrors };
