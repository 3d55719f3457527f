'use strict';

/** A compiled model as plain data: what `/meta` tells clients, and what the SQL of each member comes to. */

const { createQuery } = require('@cubejs-backend/schema-compiler/dist/src/adapter/QueryBuilder');

const KINDS = ['dimensions', 'measures', 'segments'];

function attempt(make) {
  try {
    return { value: make() };
  } catch (error) {
    return { error: String(error.message || error) };
  }
}

// A dimension or measure without SQL (count, geo) has none to tell.
function evaluated(query, cube, sql) {
  if (typeof sql !== 'function') return {};
  const { value, error } = attempt(() => query.evaluateSql(cube, sql));
  return error === undefined ? { sql: value } : { sqlError: error };
}

function describeMember(query, cube, config, definition) {
  return {
    ...config,
    name: config.name.slice(cube.length + 1),
    ownTitle: definition.title,
    ...evaluated(query, cube, definition.sql),
    filters: (definition.filters || []).map((filter) => evaluated(query, cube, filter.sql)),
    mask: typeof definition.mask === 'object' ? evaluated(query, cube, definition.mask.sql) : definition.mask,
  };
}

// Rights of a user with one claim of each name that is asked for.
const CONTEXT = { securityContext: { filter_claims: new Proxy({}, { get: (_, name) => [`the caller's ${String(name)}`] }) } };

function describeFilter(evaluator, cube, { memberReference, operator, values, and, or }) {
  const nested = (filters) => filters?.map((filter) => describeFilter(evaluator, cube, filter));
  const value = values === undefined ? undefined : evaluator.evaluateContextFunction(cube, values, CONTEXT);
  return { member: memberReference, operator, value, and: nested(and), or: nested(or) };
}

function describePolicy(evaluator, cube, { rowLevel, ...others }) {
  const filters = rowLevel?.filters?.map((filter) => describeFilter(evaluator, cube, filter));
  return { ...others, allowAll: rowLevel?.allowAll, filters };
}

function describeRollup(evaluator, cube, rollup) {
  return { ...rollup, references: attempt(() => evaluator.evaluatePreAggregationReferences(cube, rollup)) };
}

function describeCube(query, { config }, evaluator) {
  const definition = evaluator.cubeFromPath(config.name);
  const members = Object.fromEntries(
    KINDS.map((kind) => [
      kind,
      Object.fromEntries(
        config[kind].map((member) => {
          const name = member.name.slice(config.name.length + 1);
          return [name, describeMember(query, config.name, member, definition[kind][name])];
        }),
      ),
    ]),
  );
  return {
    ...config,
    ...members,
    sqlTable: definition.sqlTable ? evaluated(query, config.name, definition.sqlTable) : null,
    joins: (definition.joins || []).map((join) => ({
      name: join.name,
      relationship: join.relationship,
      ...evaluated(query, config.name, join.sql),
    })),
    preAggregations: Object.fromEntries(
      Object.entries(definition.preAggregations || {}).map(([name, rollup]) => [name, describeRollup(evaluator, config.name, rollup)]),
    ),
    accessPolicy: (definition.accessPolicy || []).map((policy) => describePolicy(evaluator, definition, policy)),
  };
}

/**
 * All cubes and views by name.
 *
 * @param {object} compilers as `compileModel` gives them
 * @param {string} dialect such as `postgres`
 */
function describeModel(compilers, dialect) {
  const query = createQuery(compilers, dialect, { timezone: 'UTC' });
  return Object.fromEntries(
    compilers.metaTransformer.cubes.map((cube) => [
      cube.config.name,
      describeCube(query, cube, compilers.cubeEvaluator),
    ]),
  );
}

/**
 * The SQL of queries.
 *
 * @param {object} compilers as `compileModel` gives them
 * @param {string} dialect such as `postgres`
 * @param {object[]} queries in the form of Cube's REST API
 * @returns {({sql: string, values: unknown[]} | {error: string})[]}
 */
function buildSql(compilers, dialect, queries) {
  return queries.map((query) => {
    const { value, error } = attempt(() => {
      const [sql, values] = createQuery(compilers, dialect, { timezone: 'UTC', ...query }).buildSqlAndParams();
      return { sql, values };
    });
    return error === undefined ? value : { error };
  });
}

module.exports = { describeModel, buildSql };
