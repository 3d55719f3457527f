'use strict';

/**
 * Cube's options for members that only some roles see: those who see the same share a compiled model, with its answers
 * to /meta, its GraphQL schema and its catalog for SQL. Nobody gets a model that shows more, since whoever isn't
 * authentic has no role.
 */

const { isAuthentic } = require('./security_context');

const PREFIX = 'CUBE';

/**
 * @param {object} model as openModel gives it
 * @returns {object} repositoryFactory, and contextToAppId where there are such roles at the start
 */
function memberVisibility(model) {
  // Cube asks for an app once a request, and keeps what it compiled for it.
  const clearing = model.clearingRoles();
  const rolesOf = ({ securityContext }) => (isAuthentic(securityContext) ? clearing.filter((role) => securityContext.roles.includes(role)) : []);
  return {
    repositoryFactory: (context) => {
      const roles = rolesOf(context);
      return { dataSchemaFiles: async () => model.files(roles) };
    },
    ...(clearing.length > 0 ? { contextToAppId: (context) => [PREFIX, ...rolesOf(context).map(encodeURIComponent)].join(' ') } : {}),
  };
}

module.exports = { memberVisibility };
