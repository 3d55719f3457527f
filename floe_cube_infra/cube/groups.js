'use strict';

/**
 * Cube's contextToGroups: which access policies are a context's.
 *
 * A cube with filters that exempt roles has a policy for each set of filters that may be left, in a group named by
 * claims in their order: "organization_id: own, region: all". Cube lets a row pass that any policy lets pass, so a
 * context is in just one of a cube's groups. The token's roles are no groups: one could be named as one of these.
 */

const { exemptClaims } = require('./exemptions');
const { isAuthentic } = require('./security_context');

// All subsets but the empty one, each in the given order.
function subsets(names) {
  return names.reduce((some, name) => [...some, ...some.map((one) => [...one, name])], [[]]).slice(1);
}

/** @param {object} rowLevelSecurity of the stack's settings */
function contextToGroups(rowLevelSecurity) {
  const chosen = subsets(Object.keys(rowLevelSecurity.exemptRoles).sort());
  return async function groups({ securityContext }) {
    // Without a group there is no policy, and without a policy no row.
    if (!isAuthentic(securityContext)) return [];
    const exempt = exemptClaims(securityContext.roles, rowLevelSecurity);
    return chosen.map((claims) => claims.map((claim) => `${claim}: ${exempt.has(claim) ? 'all' : 'own'}`).join(', '));
  };
}

module.exports = { contextToGroups };
