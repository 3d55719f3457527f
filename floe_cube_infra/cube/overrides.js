'use strict';

/**
 * What environment variables may change of the stack's first filter, never towards less filtering:
 *
 *   FLOE_FILTER_CLAIM   another claim is demanded of tokens in the place of that filter's; its values filter the same
 *                       column, and must be of the same type
 *   FLOE_FILTER_COLUMN  the column that this filter must filter by, in every cube that it filters: access policies and
 *                       joins are generated for a column, so that another one is refused instead of half taken over
 *
 * An empty variable is one that isn't set. Anything that can't be taken over stops the start.
 */

const { StartError } = require('./errors');

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function named(environment, variable) {
  const value = environment[variable];
  if (!value) return null;
  if (!NAME.test(value) || value === '__proto__') {
    throw new StartError(`${variable} is ${JSON.stringify(value)}; it must be a name ([A-Za-z_][A-Za-z0-9_]*).`);
  }
  return value;
}

/**
 * The settings with what the environment changes.
 *
 * @param {object} settings validated
 * @param {object} environment
 * @returns {object} the same settings where nothing is changed
 */
function overridden(settings, environment) {
  const claim = named(environment, 'FLOE_FILTER_CLAIM');
  const column = named(environment, 'FLOE_FILTER_COLUMN');
  if (claim === null && column === null) return settings;
  const { rowLevelSecurity } = settings;
  if (!rowLevelSecurity.enabled) {
    throw new StartError('FLOE_FILTER_CLAIM or FLOE_FILTER_COLUMN is set, but settings.json says that rows are not filtered; unset it, or switch row-level security on.');
  }
  const [first, ...others] = rowLevelSecurity.claims;
  if (claim === 'roles' || others.includes(claim)) {
    throw new StartError(`FLOE_FILTER_CLAIM is ${claim}, which tokens carry for something else; name another claim.`);
  }
  return Object.freeze({
    ...settings,
    rowLevelSecurity: Object.freeze({
      ...rowLevelSecurity,
      ...(claim === null ? {} : { tokenClaims: Object.freeze({ [first]: claim }) }),
      ...(column === null ? {} : { filterColumn: column }),
    }),
  });
}

module.exports = { overridden };
