'use strict';

/**
 * What Cube 1.7 works out anew for each request once a model has access policies, though many requests share it:
 *
 * - the plan by which it learns which members a query reads, and so whose policies concern it. Cube would keep that, but
 *   under a key with the request's id in it, so that it never finds it again and its cache of plans fills with them;
 * - which of the model's members the caller's policies let see: over all cubes, whatever the query, 7 ms for 300.
 *
 * Both are still made by Cube's own methods, and kept by all that goes into them: the compiled model, and the query or
 * the caller's groups. Row filters are not among them; their values are those of each request. What could depend on more
 * is left as it is, and so is a Cube that has other methods, which is slower and as safe.
 */

const MOST_KEPT = 1000;
const LONGEST_KEY = 10_000;
const METHODS = ['getCompilers', 'getGroupsFromContext', 'getSql', 'patchVisibilityByAccessPolicy'];

/** Results by key for each compiled model; they go when the model goes. */
class Kept {
  #byModel = new WeakMap();

  async get(model, key, make) {
    if (!this.#byModel.has(model)) this.#byModel.set(model, new Map());
    const kept = this.#byModel.get(model);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = await make();
    if (kept.size >= MOST_KEPT) kept.clear();
    if (key.length <= LONGEST_KEY) kept.set(key, made);
    return made;
  }
}

/** A query as text; null where it isn't data alone: expressions of the SQL API are functions by then. */
function textOf(query) {
  let isData = true;
  const text = JSON.stringify(query, (_, value) => {
    if (typeof value === 'function') isData = false;
    return value;
  });
  return isData ? text : null;
}

/** Whether groups alone decide which policies are a caller's; conditions may look at all of a request. */
function areByGroups({ cubeEvaluator }) {
  const policies = cubeEvaluator.cubeNames().flatMap((name) => cubeEvaluator.cubeFromPath(name).accessPolicy ?? []);
  return policies.every(({ conditions }) => conditions === undefined);
}

function cubesServer() {
  try {
    return require('@cubejs-backend/server-core');
  } catch {
    return {};
  }
}

/**
 * Makes Cube keep both from now on.
 *
 * @param {{CompilerApi?: Function}} [package_] Cube's server; another one for tests
 */
function shareWork({ CompilerApi } = cubesServer()) {
  const cube = CompilerApi?.prototype;
  if (cube === undefined || METHODS.some((method) => typeof cube[method] !== 'function')) return;
  const { getSql, patchVisibilityByAccessPolicy } = cube;
  const plans = new Kept();
  const visible = new Kept();
  const byGroups = new WeakMap();

  cube.getSql = async function getSqlOnce(query, options) {
    // With the request's id and nothing else, Cube asks only to learn what a query reads.
    const isForPolicies = options !== undefined && Object.keys(options).join() === 'requestId';
    const text = isForPolicies ? textOf(query) : null;
    if (text === null) return getSql.call(this, query, options);
    return plans.get(await this.getCompilers(options), text, () => getSql.call(this, query, {}));
  };

  cube.patchVisibilityByAccessPolicy = async function patchVisibilityOnce(compilers, context, cubes) {
    if (!byGroups.has(compilers)) byGroups.set(compilers, areByGroups(compilers));
    const make = () => patchVisibilityByAccessPolicy.call(this, compilers, context, cubes);
    if (!byGroups.get(compilers) || cubes !== compilers.metaTransformer.cubes) return make();
    const groups = await this.getGroupsFromContext(context);
    return visible.get(compilers, JSON.stringify([...groups].sort()), make);
  };
}

module.exports = { shareWork };
