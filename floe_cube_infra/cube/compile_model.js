'use strict';

/**
 * Compiles the mounted model before it is served:
 *
 *   node /cube/conf/compile_model.js
 *
 * The folder is FLOE_MODEL_PATH, as for cube.js, and settings.json is the one beside this file. Ends with 0 if Cube
 * takes the model; else with 1, and says on stderr which file is wrong and why. It needs no secret and no database.
 */

const { modelFolder } = require('./environment');
const { modelErrors } = require('./model_compiler');
const { openModel } = require('./model_version');
const { readSettings } = require('./settings');
const { rolesToWarm } = require('./warm_up');

async function compileModel() {
  const settings = readSettings(__dirname);
  const model = openModel(modelFolder(process.env), settings);
  for (const roles of rolesToWarm(model)) {
    const errors = await modelErrors(model.declared(roles));
    if (errors.length > 0) throw new Error(errors.join('\n'));
  }
  return model.declared().places.size;
}

compileModel().then(
  (count) => {
    console.log(`The model compiles: ${count} cubes and views.`);
    process.exit(0);
  },
  (error) => {
    console.error(`The model doesn't compile:\n${error.message}`);
    process.exit(1);
  },
);
