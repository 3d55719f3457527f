'use strict';

/**
 * Which cubes Cube joins to get from some cubes to others.
 *
 * Cube's rule (schema-compiler, JoinGraph.buildJoin): every cube of the query is tried as the root, the others are
 * reached on shortest directed paths, and the tree with the fewest joins wins. Which of several equal trees it takes
 * depends on orders we don't know, so here all of them count.
 */

class JoinGraph {
  #next;
  #previous = new Map();

  /** @param {Map<string, string[]>} joins for each cube those that it declares joins to */
  constructor(joins) {
    this.#next = joins;
    for (const [from, targets] of joins) {
      for (const to of targets) {
        if (!this.#previous.has(to)) this.#previous.set(to, []);
        this.#previous.get(to).push(from);
      }
    }
  }

  /**
   * All cubes on all trees that Cube may take, the given ones included; null if there is no tree.
   *
   * @param {string[][]} chains each the cubes to reach one after the other; a single cube is a chain of one
   */
  cubesBetween(chains) {
    const distances = new Map();
    const trees = [...new Set(chains.map(([root]) => root))]
      .map((root) => this.#tree(root, chains, distances))
      .filter((tree) => tree !== null);
    if (trees.length === 0) return null;
    const fewest = Math.min(...trees.map((tree) => tree.most));
    return new Set(trees.filter((tree) => tree.fewest <= fewest).flatMap((tree) => [...tree.cubes]));
  }

  /** All cubes on all shortest ways between any two of the given ones, in both directions, where there are ways. */
  cubesOnAnyWay(cubes) {
    const distances = new Map();
    const ways = cubes.flatMap((from) => cubes.map((to) => this.#shortestPaths(from, to, distances)));
    return new Set([...cubes, ...ways.flatMap((way) => (way === null ? [] : [...way.cubes]))]);
  }

  // The cubes of all trees with this root, and between which numbers their joins lie.
  #tree(root, chains, distances) {
    const cubes = new Set([root]);
    const edges = new Set();
    const targets = new Set();
    let longest = 0;
    let isOnlyOne = chains.every((chain) => chain.length === 1);
    for (const chain of chains) {
      let from = root;
      for (const to of chain) {
        if (to !== from) {
          const paths = this.#shortestPaths(from, to, distances);
          if (paths === null) return null;
          paths.cubes.forEach((cube) => cubes.add(cube));
          paths.edges.forEach((edge) => edges.add(edge));
          longest = Math.max(longest, paths.length);
          isOnlyOne &&= paths.edges.size === paths.length;
          targets.add(to);
          from = to;
        }
      }
    }
    targets.delete(root);
    return { cubes, most: edges.size, fewest: isOnlyOne ? edges.size : Math.max(longest, targets.size) };
  }

  #shortestPaths(from, to, distances) {
    if (!distances.has(from)) distances.set(from, this.#distancesFrom(from));
    const distance = distances.get(from);
    if (!distance.has(to)) return null;
    const cubes = new Set([to]);
    const edges = new Set();
    // Sets take up what is added while they are walked.
    for (const cube of cubes) {
      for (const before of this.#previous.get(cube) ?? []) {
        if (distance.get(before) === distance.get(cube) - 1) {
          cubes.add(before);
          edges.add(`${before} ${cube}`);
        }
      }
    }
    return { cubes, edges, length: distance.get(to) };
  }

  #distancesFrom(start) {
    const distance = new Map([[start, 0]]);
    for (const [cube, steps] of distance) {
      for (const to of this.#next.get(cube) ?? []) {
        if (!distance.has(to)) distance.set(to, steps + 1);
      }
    }
    return distance;
  }
}

module.exports = { JoinGraph };
