'use strict';

/**
 * From when to when a rollup's partitions reach, which Cube 1.7 gets wrong in time zones other than UTC.
 *
 * It asks the source for the first and the last moment in the rollup's zone, takes the answer for one in UTC, and moves it
 * into the zone once more. West of Greenwich the newest hours then are missing from the last partition, and so from
 * answers; east of it the first partition can be missing. Here it asks in UTC, as it reads the answer.
 */

const METHOD = 'aggSelectForDimension';

function cubesCompiler() {
  try {
    return require('@cubejs-backend/schema-compiler/dist/src/adapter/BaseQuery');
  } catch {
    return {};
  }
}

/**
 * Makes Cube ask in UTC from now on.
 *
 * @param {{BaseQuery?: Function}} [package_] Cube's compiler; another one for tests
 */
function askForRangesInUtc({ BaseQuery } = cubesCompiler()) {
  const cube = BaseQuery?.prototype;
  if (typeof cube?.[METHOD] !== 'function') return;
  const asked = cube[METHOD];
  cube[METHOD] = function askInUtc(...what) {
    return asked.apply(Object.create(this, { timezone: { value: 'UTC' } }), what);
  };
}

module.exports = { askForRangesInUtc };
