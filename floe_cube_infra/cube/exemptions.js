'use strict';

/**
 * The claims whose filters don't hold for somebody with these roles: by the stack's settings only, nothing in a token
 * exempts by itself.
 *
 * @param {string[]} roles
 * @param {object} rowLevelSecurity of the stack's settings
 * @returns {Set<string>}
 */
function exemptClaims(roles, { claims, exemptRoles }) {
  return new Set(claims.filter((claim) => Object.hasOwn(exemptRoles, claim) && roles.some((role) => exemptRoles[claim].includes(role))));
}

module.exports = { exemptClaims };
