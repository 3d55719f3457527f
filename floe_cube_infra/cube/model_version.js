'use strict';

/**
 * The model as it is now: the files that Cube compiles and the rules that guard them, always of one and the same
 * reading, and a version by which Cube knows that it has to compile again.
 *
 * In production the model is read once: a changed model is a new ConfigMap and new pods. In development it is read
 * again when a query comes, at most once a second.
 */

const crypto = require('node:crypto');
const { AccessClosure } = require('./access_closure');
const { accessRules } = require('./access_rules');
const { checkPairs, readModelFiles } = require('./model_files');
const { ModelVariants } = require('./model_variants');

const PAUSE_MILLISECONDS = 1000;

// Where one part ends counts, too; so each is preceded by its length.
function hashOf(files) {
  const hash = crypto.createHash('sha256');
  for (const { fileName, content } of files) {
    for (const part of [fileName, content]) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  }
  return hash.digest('hex').slice(0, 16);
}

function readModel(folder, rowLevelSecurity) {
  const files = readModelFiles(folder);
  checkPairs(files);
  const rules = accessRules(files.access, rowLevelSecurity);
  return {
    version: hashOf([...files.models, ...files.access]),
    variants: new ModelVariants(files.models, rules),
    closure: new AccessClosure(rules),
  };
}

/**
 * Opens the model folder.
 *
 * @param {string} folder
 * @param {object} settings the stack's settings
 * @param {{now?: () => number}} [options] milliseconds, for tests
 * @returns {{version: () => string, files: (roles?: string[]) => object[], clearingRoles: () => string[],
 *   closure: () => AccessClosure}} `files` is the model as somebody with these roles may know it
 * @throws {StartError} if the model can't be read now; later a bad change leaves the last good reading in force
 */
function openModel(folder, settings, { now = Date.now } = {}) {
  let model = readModel(folder, settings.rowLevelSecurity);
  let readAt = now();

  function current() {
    if (settings.devMode && now() - readAt >= PAUSE_MILLISECONDS) {
      readAt = now();
      try {
        model = readModel(folder, settings.rowLevelSecurity);
      } catch (error) {
        console.error(`The changed model is not taken over: ${error.message}`);
      }
    }
    return model;
  }

  return {
    version: () => current().version,
    files: (roles = []) => current().variants.files(roles),
    clearingRoles: () => current().variants.clearingRoles,
    closure: () => current().closure,
  };
}

module.exports = { openModel };
