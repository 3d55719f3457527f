'use strict';

/**
 * Cube transpiles in worker threads that it starts for every compilation: most of a second, for a model of a
 * few cubes. This runs the very same worker script in this thread instead.
 */

const workerpool = require('workerpool');

const WORKER = '@cubejs-backend/schema-compiler/dist/src/compiler/transpilers/transpiler_worker';

function loadWorker() {
  // It collects errors in a variable of the module, as if no worker lived longer than one compilation.
  delete require.cache[require.resolve(WORKER)];
  let methods = null;
  workerpool.worker = (given) => {
    methods = given;
  };
  require(WORKER);
  if (methods === null) throw new Error(`${WORKER} has registered no methods: read how this version of Cube starts it.`);
  return methods;
}

/** From now on, Cube's compilers in this process transpile in this thread. */
function transpileInThisThread() {
  workerpool.pool = () => {
    const methods = loadWorker();
    return { exec: async (name, parameters) => methods[name](...parameters), terminate: async () => {} };
  };
}

module.exports = { transpileInThisThread };
