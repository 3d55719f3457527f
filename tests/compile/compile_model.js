'use strict';

/** Compiles model files as Cube's server does. */

const { stripVTControlCharacters } = require('node:util');
const { prepareCompiler } = require('@cubejs-backend/schema-compiler/dist/src/compiler/PrepareCompiler');
const { nativeStandIn } = require('./native_stand_in');
const { transpileInThisThread } = require('./transpiler');

transpileInThisThread();

function describe(error) {
  const text = stripVTControlCharacters(String(error.plainMessage || error.message || error));
  return error.fileName ? `${error.fileName}: ${text}` : text;
}

function allErrors(compiler, thrown) {
  const reported = compiler.errorsReporter ? compiler.errorsReporter.getErrors() : [];
  return (reported.length > 0 ? reported : [thrown]).map(describe);
}

/**
 * Compiles files.
 *
 * @param {{fileName: string, content: string}[]} files
 * @returns {Promise<{errors: string[], compilers: object}>} no errors: Cube takes the model
 */
async function compileModel(files) {
  const repository = { localPath: () => '.', dataSchemaFiles: async () => files };
  const compilers = prepareCompiler(repository, { nativeInstance: nativeStandIn, standalone: false, allowNodeRequire: true });
  try {
    await compilers.compiler.compile();
    return { errors: [], compilers };
  } catch (error) {
    return { errors: allErrors(compilers.compiler, error), compilers };
  }
}

module.exports = { compileModel };
