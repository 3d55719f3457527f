'use strict';

/**
 * A query whose rollup can't be read is answered from the source tables instead.
 *
 * Cube 1.7 plans a query for the rollup that fits, built or not. A server that builds none itself then fails where
 * nothing of it is built, and, worse, answers without the rows of partitions that are missing. So here a missing
 * partition is an error, and any error on the way to a rollup makes Cube plan once more, with the same query, row
 * filters included, over the same model without its rollups. In rollup-only mode it is refused.
 *
 * All of it is done by Cube's own methods; a Cube that has others fails as it does by itself.
 */

const { badRequest, unavailable } = require('./errors');

const FROM_SOURCE = Symbol('plans the query without rollups');
// Where no Store tells of new tables, the list of them is read anew, but not for each query.
const PAUSE_MILLISECONDS = 5000;
const UNUSED = 'Rollup not used';
// Of Cube's queue, which hands on texts.
const TOO_LONG = /^(Error: )?Query execution timeout/;

class MissingPartition extends Error {}

/** The model as it is, with no rollup in it. */
function withoutRollups({ compiler, cubeEvaluator, ...others }) {
  const { compilerCache } = compiler;
  // Cube keeps plans by the query alone.
  const ownCache = new compilerCache.constructor({});
  return {
    ...others,
    compiler: Object.create(compiler, {
      compilerCache: { value: ownCache },
      withQuery: { value: (query, run) => compiler.withQuery(query, run) },
    }),
    cubeEvaluator: Object.create(cubeEvaluator, {
      preAggregationsForCube: { value: () => ({}) },
      preAggregationsForCubeAsArray: { value: () => [] },
      preAggregationDescriptionByName: { value: () => undefined },
    }),
  };
}

/** Gives each plan that reads a rollup a way to one that doesn't. */
function planFromSource(cube) {
  const { getSql } = cube;
  const models = new WeakMap();
  cube.getSql = async function getSqlWithSource(query, options) {
    const plan = await getSql.call(this, query, options);
    if (!Array.isArray(plan?.preAggregations) || plan.preAggregations.length === 0) return plan;
    const fromSource = async () => {
      const model = await this.getCompilers({ requestId: query.requestId });
      if (!models.has(model)) models.set(model, withoutRollups(model));
      const planner = Object.create(this, { getCompilers: { value: async () => models.get(model) }, sqlCache: { value: false } });
      return getSql.call(planner, query, options);
    };
    return { ...plan, [FROM_SOURCE]: fromSource };
  };
}

/** Makes a partition that isn't built an error, where Cube would leave out its rows. */
function missNothing(cube) {
  const { loadPreAggregation } = cube;
  cube.loadPreAggregation = async function loadBuilt() {
    const loaded = await loadPreAggregation.call(this, false);
    if (loaded === null) throw new MissingPartition(`${this.preAggregation.tableName} is not built`);
    return loaded;
  };
}

/** Reads the list of tables anew where it was wrong. */
class Tables {
  #doubted = new Set();
  #readAt = new Map();
  #now;

  constructor(now) {
    this.#now = now;
  }

  static #keyOf = ({ dataSource = 'default', preAggregationsSchema, external }) => JSON.stringify([dataSource, preAggregationsSchema, Boolean(external)]);

  doubt(rollups) {
    for (const rollup of rollups) this.#doubted.add(Tables.#keyOf(rollup));
  }

  isDoubted(rollup) {
    const key = Tables.#keyOf(rollup);
    if (!this.#doubted.has(key) || this.#now() - (this.#readAt.get(key) ?? -Infinity) < PAUSE_MILLISECONDS) return false;
    this.#doubted.delete(key);
    this.#readAt.set(key, this.#now());
    return true;
  }

  readBy(cube) {
    const { tablesFromCache } = cube;
    const tables = this;
    cube.tablesFromCache = function tablesAsTheyAre(rollup, forceRenew) {
      return tablesFromCache.call(this, rollup, forceRenew || tables.isDoubted(rollup));
    };
  }
}

const isBuild = (body) => Boolean(body.scheduledRefresh || body.isJob || typeof body.query !== 'string');

/** The same query, planned without rollups; null where there is no such plan, or it would be of another statement. */
async function fromSource(body) {
  const plan = body[FROM_SOURCE];
  // The SQL API may bring a statement of its own.
  if (plan === undefined || body.query !== body.sql?.[0]) return null;
  const { [FROM_SOURCE]: _, ...planned } = { ...body, ...await plan() };
  return { ...planned, query: planned.sql[0], values: planned.sql[1] };
}

function cubesParts() {
  try {
    return { ...require('@cubejs-backend/server-core'), ...require('@cubejs-backend/query-orchestrator') };
  } catch {
    return {};
  }
}

/**
 * Makes Cube fall back from now on.
 *
 * @param {object} [parts] Cube's classes; others for tests
 * @param {{now?: () => number}} [options] milliseconds, for tests
 */
function fallBackToSource(parts = cubesParts(), { now = Date.now } = {}) {
  const { CompilerApi, QueryOrchestrator, PreAggregationLoader, PreAggregationLoadCache, ContinueWaitError } = parts;
  const methods = [
    [CompilerApi, 'getSql'], [QueryOrchestrator, 'fetchQuery'], [QueryOrchestrator, 'streamQuery'],
    [PreAggregationLoader, 'loadPreAggregation'], [PreAggregationLoadCache, 'tablesFromCache'],
  ];
  const missing = methods.filter(([Class, method]) => typeof Class?.prototype[method] !== 'function').map(([, method]) => method);
  if (missing.length > 0) {
    if (CompilerApi !== undefined) console.warn(`This Cube has no ${missing.join(', ')}: queries whose rollup isn't built fail, and rows of partitions that aren't built are left out.`);
    return;
  }
  const tables = new Tables(now);
  tables.readBy(PreAggregationLoadCache.prototype);
  missNothing(PreAggregationLoader.prototype);
  planFromSource(CompilerApi.prototype);
  // Neither means that the rollup can't be read: the query goes on, or took too long.
  const isOfTime = (error) => error instanceof ContinueWaitError || TOO_LONG.test(error?.message);
  for (const method of ['fetchQuery', 'streamQuery']) {
    const ask = QueryOrchestrator.prototype[method];
    QueryOrchestrator.prototype[method] = async function askWithSource(body) {
      try {
        return await ask.call(this, body);
      } catch (error) {
        const rollups = body.preAggregations ?? [];
        if (isOfTime(error) || isBuild(body)) throw error;
        if (this.rollupOnlyMode && rollups.length === 0) throw badRequest('No rollup has all that this query asks for, and nothing else may answer.');
        if (rollups.length === 0) throw error;
        tables.doubt(rollups);
        const planned = this.rollupOnlyMode ? null : await fromSource(body);
        if (planned === null && !this.rollupOnlyMode) throw error;
        for (const { preAggregationId } of rollups) this.logger(UNUSED, { requestId: body.requestId, preAggregationId, warning: error, sql: planned?.query });
        if (planned === null) throw unavailable('The rollup that answers this query is not there at the moment, and nothing else may answer.');
        return ask.call(this, planned);
      }
    };
  }
}

module.exports = { fallBackToSource, UNUSED };
