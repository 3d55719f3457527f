'use strict';

/** What a query names, for its record: cubes and members, never a value. */

const CUBE = /^[A-Za-z0-9_]{1,256}$/;
const MEMBER = /^([A-Za-z0-9_]+)\.[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)?$/;
// The SQL API's expressions arrive as JSON; their text may hold literals, the cube's name doesn't.
const EXPRESSION = /^\{.*?"cube_?[nN]ame"\s*:\s*"([A-Za-z0-9_]+)"/s;
const MOST_NAMES = 512;
const LONGEST_NAME = 256;
const MOST_NESTED = 64;

const listOf = (value) => (Array.isArray(value) ? value : []);

/** The names of one record; queries of the same request are added one by one. */
class QueryNames {
  #isCube;
  #cubes = new Set();
  #measures = new Set();
  #dimensions = new Set();
  #filters = 0;

  /** @param {(name: string) => boolean} isCube whether the model has it: other names are the caller's own text */
  constructor(isCube) {
    this.#isCube = isCube;
  }

  /** Adds what a request asks for: one query, or several that are blended. */
  add(asked) {
    for (const query of Array.isArray(asked) ? asked : [asked]) {
      if (typeof query !== 'object' || query === null) continue;
      for (const member of listOf(query.measures)) this.#name(member, this.#measures);
      for (const member of listOf(query.dimensions)) this.#name(member, this.#dimensions);
      for (const time of listOf(query.timeDimensions)) {
        this.#name(time?.dimension, this.#dimensions);
        if (time?.dateRange !== undefined && time.dateRange !== null) this.#filters += 1;
      }
      for (const segment of listOf(query.segments)) this.#name(segment, null);
      this.#filter(query.filters);
    }
  }

  #name(given, members) {
    const text = typeof given === 'string' ? given : given?.cubeName;
    if (typeof text !== 'string') return;
    const member = MEMBER.exec(text);
    const cube = member?.[1] ?? EXPRESSION.exec(text)?.[1] ?? text;
    if (!CUBE.test(cube) || !this.#isCube(cube) || this.#cubes.size >= MOST_NAMES) return;
    this.#cubes.add(cube);
    if (member !== null && members !== null && text.length <= LONGEST_NAME && members.size < MOST_NAMES) members.add(text);
  }

  #filter(filters, depth = 0) {
    if (depth > MOST_NESTED) return;
    for (const filter of listOf(filters)) {
      if (typeof filter !== 'object' || filter === null) continue;
      const isLeaf = filter.or === undefined && filter.and === undefined;
      if (isLeaf) {
        this.#filters += 1;
        this.#name(filter.member ?? filter.dimension, null);
      }
      this.#filter(filter.or, depth + 1);
      this.#filter(filter.and, depth + 1);
    }
  }

  /** In the words of a record. */
  told() {
    return { cubes: [...this.#cubes], measures: [...this.#measures], dimensions: [...this.#dimensions], filters: this.#filters };
  }
}

module.exports = { QueryNames };
