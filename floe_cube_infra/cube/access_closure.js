'use strict';

/**
 * Every cube that a query reads, of which a query itself names only some: members refer to other cubes' members, views
 * are made of cubes, and joins go over cubes that nobody named.
 */

const { JoinGraph } = require('./join_graph');

// For a cube that is only joined: none of its members is read.
const NO_MEMBER = '';

/** A cube that a query uses, by one of its members, by any of them (member null), or by none (NO_MEMBER). */
const touch = (cube, member = null) => ({ cube, member });

// The ways through a large model take milliseconds to find, and most queries have come before in another organization.
const MOST_REMEMBERED = 1000;
const LONGEST_REMEMBERED = 10_000;

class UnknownCube extends Error {}

class AccessClosure {
  #rules;
  #graph;
  #remembered = new Map();

  /** @param {Map<string, object>} rules see access_rules.js */
  constructor(rules) {
    this.#rules = rules;
    this.#graph = new JoinGraph(new Map([...rules].map(([name, { joins }]) => [name, joins])));
  }

  /** The access of a cube or view that `reached` gave. */
  accessOf(name) {
    return this.#rules.get(name).access;
  }

  /** Whether a query of somebody with these roles may not name that member. */
  hides({ cube, member }, roles) {
    const rule = this.#rules.get(cube);
    if (rule === undefined || !rule.hidden.has(member)) return false;
    return !(rule.clear.get(member)?.roles.some((role) => roles.includes(role)) ?? false);
  }

  has(name) {
    return this.#rules.has(name);
  }

  /**
   * The names of all cubes and views that are read.
   *
   * @param {{cube: string, member: string | null}[]} measures what is aggregated; Cube may join for each on its own
   * @param {{cube: string, member: string | null}[]} others dimensions, filters and the like
   * @param {string[][]} paths join paths that the query asks for
   * @returns {Set<string>} not to be changed
   * @throws {UnknownCube} if a cube, or a view's member, has no rules
   */
  reached(measures, others, paths) {
    const key = JSON.stringify([measures, others, paths]);
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    const cubes = this.#find(measures, others, paths);
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    if (key.length <= LONGEST_REMEMBERED) this.#remembered.set(key, cubes);
    return cubes;
  }

  #find(measures, others, paths) {
    const named = new Set();
    const chainsOf = (touches) => touches.flatMap((one) => this.#chains(one, named));
    const perMeasure = measures.map((measure) => chainsOf([measure]));
    const shared = [...chainsOf(others), ...paths.map((path) => path.filter((cube) => this.#note(cube, named)))];

    let all = new Set(named);
    let size;
    // A filter on a cube makes Cube join it, which may change the tree: until nothing is added.
    do {
      size = all.size;
      const filtered = [...all].filter((name) => !this.#isView(name) && this.accessOf(name).kind === 'filter').map((name) => [name]);
      all = new Set([...all, ...this.#joined(perMeasure, [...shared, ...filtered])]);
    } while (all.size > size);
    return all;
  }

  // A measure over several cubes gets a join of its own, beside the one for all.
  #joined(perMeasure, shared) {
    return [[...perMeasure.flat(), ...shared], ...perMeasure].flatMap((some) => {
      const chains = distinct(some);
      // Where there is no join for all, Cube may still join some of them, and which is up to its planner.
      return [...(this.#graph.cubesBetween(chains) ?? this.#graph.cubesOnAnyWay([...new Set(chains.flat())]))];
    });
  }

  // The join chains of one member; notes every name on the way.
  #chains(start, named) {
    const chains = [];
    const seen = new Set();
    const queue = [start];
    for (const one of queue) {
      const key = `${one.cube}.${one.member ?? '*'}`;
      if (!seen.has(key)) {
        seen.add(key);
        this.#note(one.cube, named);
        const reach = this.#reach(one);
        reach.forEach((name) => {
          const [cube, member] = name.split('.');
          queue.push(touch(cube, member ?? null));
        });
        if (this.#isView(one.cube)) chains.push(reach.map((name) => name.split('.')[0]).filter((cube) => !this.#isView(cube)));
        else chains.push([one.cube]);
      }
    }
    return chains.filter((chain) => chain.length > 0);
  }

  #reach({ cube, member }) {
    const { members } = this.#rules.get(cube);
    if (member === NO_MEMBER) return [];
    if (member === null) return [...new Set([...members.values()].flat())];
    if (this.#isView(cube) && !members.has(member)) throw new UnknownCube();
    return members.get(member) ?? [];
  }

  #note(name, named) {
    if (!this.#rules.has(name)) throw new UnknownCube();
    named.add(name);
    return !this.#isView(name);
  }

  #isView(name) {
    return this.#rules.get(name).kind === 'view';
  }
}

function distinct(chains) {
  return [...new Map(chains.map((chain) => [chain.join(), chain])).values()];
}

module.exports = { AccessClosure, UnknownCube, NO_MEMBER, touch };
