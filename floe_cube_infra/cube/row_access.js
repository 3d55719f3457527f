'use strict';

/**
 * queryRewrite: the last look at each query, whatever API it came by. It answers with a query that carries a row
 * filter for every filtered cube that is read, or refuses. Cube's own access policies, applied before, miss join hops.
 */

const { UnknownCube } = require('./access_closure');
const { asAnswer, badRequest, forbidden, unauthorized } = require('./errors');
const { exemptClaims } = require('./exemptions');
const { queryMembers } = require('./query_members');
const { isAuthentic } = require('./security_context');
const { EXPIRED, hasExpired } = require('./tokens');

const REFUSED = 'Access to the requested data is refused.';
// Cube's own default for CUBEJS_DB_QUERY_DEFAULT_LIMIT: what it asks for when the query doesn't say.
const CUBES_DEFAULT_LIMIT = 10_000;

function checkContext(context, settings, now) {
  if (!isAuthentic(context)) throw unauthorized('A token is required.');
  // A connection of the SQL API lives longer than its token.
  if (hasExpired(context.exp, settings.jwt.clockToleranceSeconds, now)) throw unauthorized(EXPIRED);
}

// What the query names itself; hidden members that others are computed from are no concern.
function namedBy(closure, query, isSqlApi, roles) {
  const named = queryMembers(query, { isSqlApi, isCube: (name) => closure.has(name) });
  const hidden = [...named.measures, ...named.others].find((one) => closure.hides(one, roles));
  // In Cube's words for a member that isn't there: whoever may not see it doesn't learn that it is.
  if (hidden !== undefined) throw badRequest(`'${hidden.member}' not found for path '${hidden.cube}.${hidden.member}'`);
  return named;
}

function reachedCubes(closure, { measures, others, paths }) {
  try {
    return closure.reached(measures, others, paths);
  } catch (error) {
    if (error instanceof UnknownCube) throw forbidden(REFUSED);
    throw error;
  }
}

function rowFilter(cube, { member, claim }, claims) {
  const values = Object.hasOwn(claims, claim) ? claims[claim] : [];
  if (!Array.isArray(values) || values.length === 0) throw forbidden(REFUSED);
  return { member: `${cube}.${member}`, operator: 'equals', values: values.map(String) };
}

/** The filters of each filtered cube, but for those that the context is exempt from; refuses if one of the cubes is. */
function rowFilters(closure, cubes, claims, exempt) {
  return [...cubes].sort().flatMap((name) => {
    const { kind, filters } = closure.accessOf(name);
    if (kind === 'refused') throw forbidden(REFUSED);
    return kind === 'filter' ? filters.filter(({ claim }) => !exempt.has(claim)).map((filter) => rowFilter(name, filter, claims)) : [];
  });
}

// The SQL API composes its answers of queries without a limit of their own and has its limits elsewhere.
function limited(query, rowLimit, isSqlApi) {
  if (isSqlApi) return query;
  const { limit } = query;
  if (limit === undefined || limit === null || limit === CUBES_DEFAULT_LIMIT) {
    return { ...query, limit: Math.min(limit ?? rowLimit, rowLimit) };
  }
  if (limit > rowLimit) {
    throw badRequest(`An answer has at most ${rowLimit} rows; ask for more by pages, with limit and offset.`);
  }
  return query;
}

/**
 * Makes Cube's hook.
 *
 * @param {object} settings the stack's settings
 * @param {() => AccessClosure} closure gives the rules of the model as it is now
 * @param {{now?: () => number}} [options] milliseconds, for tests
 * @returns {(query: object, context: object) => Promise<object>} a new query; the given one stays as it is
 */
function queryRewriter(settings, closure, { now = Date.now } = {}) {
  return async function queryRewrite(query, context) {
    try {
      const { securityContext, apiType } = context;
      checkContext(securityContext, settings, now());
      const isSqlApi = apiType === 'sql';
      const rules = closure();
      const whole = limited(query, settings.rowLimit, isSqlApi);
      // Also where nothing is filtered: hidden members, and what could run as code, are refused.
      const named = namedBy(rules, query, isSqlApi, securityContext.roles);
      if (!settings.rowLevelSecurity.enabled) return { ...whole };
      const exempt = exemptClaims(securityContext.roles, settings.rowLevelSecurity);
      const filters = rowFilters(rules, reachedCubes(rules, named), securityContext.filter_claims, exempt);
      return { ...whole, filters: [...(query.filters ?? []), ...filters] };
    } catch (error) {
      throw asAnswer(error);
    }
  };
}

module.exports = { queryRewriter };
