'use strict';

/**
 * A stand-in for the Rust addon of Cube (`@cubejs-backend/native`), which is downloaded from where not every
 * machine can reach. Compiling YAML needs it only to hold a Jinja engine; the one here refuses to be used,
 * since no generated file may ever look like a template.
 */

function refuse(what) {
  return (fileName) => {
    throw new Error(`Cube took ${fileName} for ${what}: it holds {{, }}, {% or %}, or is named so.`);
  };
}

const nativeStandIn = {
  newJinjaEngine: () => ({ loadTemplate: refuse('a Jinja template'), renderTemplate: refuse('a Jinja template') }),
  loadPythonContext: refuse('a Python configuration'),
};

module.exports = { nativeStandIn };
