'use strict';

/**
 * The model as it is now: the files that Cube compiles and the rules that guard them, always of one and the same
 * reading, and a version by which Cube knows that it has to compile again.
 *
 * In production the model is read once: a changed model is a new ConfigMap and new pods. In development it is read
 * again when a query comes, at most once a second.
 */

const crypto = require('node:crypto');
const path = require('node:path');
const { AccessClosure } = require('./access_closure');
const { accessRules } = require('./access_rules');
const { declaredModel } = require('./declared_model');
const { checkPairs, readModelFiles } = require('./model_files');
const { ModelVariants } = require('./model_variants');

const PAUSE_MILLISECONDS = 1000;
const VERSION_LENGTH = 10;

const byName = ([one], [other]) => (one < other ? -1 : 1);

// As render/files.py has it, so that a stack's output modelVersion and what its pods serve can be compared. Names of
// files are unique, and folders differ between a mount and a laptop. Where one part ends counts: its length precedes it.
function hashOf(files) {
  const hash = crypto.createHash('sha256');
  const named = files.map(({ fileName, content }) => [path.posix.basename(fileName), content]);
  for (const part of named.sort(byName).flat()) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(Buffer.byteLength(part)));
    hash.update(length).update(part);
  }
  return hash.digest('hex').slice(0, VERSION_LENGTH);
}

// What Cube compiles for some roles: made when it does, which for a large model takes a second.
function declaring(version, variants) {
  const made = new Map();
  return (roles) => {
    const models = variants.files(roles);
    if (!made.has(models)) {
      const declared = declaredModel(version, String(made.size), models);
      for (const { fileName, reason } of declared.left) console.warn(`${fileName} is left to Cube's own reading, which is slow: ${reason}.`);
      made.set(models, declared);
    }
    return made.get(models);
  };
}

function readModel(folder, rowLevelSecurity) {
  const files = readModelFiles(folder);
  checkPairs(files);
  const rules = accessRules(files.access, rowLevelSecurity);
  const version = hashOf([...files.models, ...files.access]);
  const variants = new ModelVariants(files.models, rules);
  return {
    version,
    variants,
    declared: declaring(version, variants),
    closure: new AccessClosure(rules),
  };
}

/**
 * Opens the model folder.
 *
 * @param {string} folder
 * @param {object} settings the stack's settings
 * @param {{now?: () => number}} [options] milliseconds, for tests
 * @returns {{version: () => string, files: (roles?: string[]) => object[], declared: (roles?: string[]) => object,
 *   clearingRoles: () => string[], closure: () => AccessClosure}} `files` is what Cube compiles: the model as somebody
 *   with these roles may know it; `declared` tells more about it, as declaredModel does
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
    files: (roles = []) => current().declared(roles).files,
    declared: (roles = []) => current().declared(roles),
    clearingRoles: () => current().variants.clearingRoles,
    closure: () => current().closure,
  };
}

module.exports = { openModel };
