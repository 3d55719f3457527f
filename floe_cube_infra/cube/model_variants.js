'use strict';

/**
 * The model as somebody may know it. As it lies in the folder it is that of somebody without any role: some members
 * are hidden (`public: false`), of others there is only a mask. For roles that see them in the clear the YAML is changed
 * before Cube compiles it, so that Cube needs no rule at run time, and nothing of a member leaks that isn't there.
 *
 * Cube's own access policies could hide members, too, but not from GraphQL's schema, not where a view has the same
 * cube, and not from filters, which they answer with no rows where an unknown member is an error.
 */

const { StartError } = require('./errors');

const MEMBERS = 'dimensions';
const CONTEXT = /\{\s*COMPILE_CONTEXT\b/;

function change(dimension, { sql, type, format, public: isPublic }) {
  const changed = { ...dimension, sql, type, format, public: isPublic };
  return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== null));
}

class ModelVariants {
  #models;
  #rules;
  #made = new Map();

  /** The roles that see anything which others don't, sorted. */
  clearingRoles;

  /**
   * @param {{fileName: string, content: string}[]} models YAML
   * @param {Map<string, object>} rules see access_rules.js
   */
  constructor(models, rules) {
    this.#models = models;
    this.#rules = rules;
    const roles = [...rules.values()].flatMap(({ clear }) => [...clear.values()].flatMap((each) => each.roles));
    this.clearingRoles = [...new Set(roles)].sort();
    const reading = models.find(({ content }) => CONTEXT.test(content));
    if (reading !== undefined) throw new StartError(`${reading.fileName} reads COMPILE_CONTEXT, which is that of whoever comes first; use roles.`);
    // A mistake is told at the start, not to the first user with the role.
    if (this.clearingRoles.length > 0) this.files(this.clearingRoles);
  }

  /** The files for somebody with these roles. */
  files(roles) {
    const clearing = this.clearingRoles.filter((role) => roles.includes(role));
    if (clearing.length === 0) return this.#models;
    const key = JSON.stringify(clearing);
    if (!this.#made.has(key)) this.#made.set(key, this.#models.map((file) => this.#changed(file, clearing)));
    return this.#made.get(key);
  }

  #changed(file, roles) {
    const name = file.fileName.split('/').at(-1).replace(/\.yml$/, '');
    const clear = [...this.#rules.get(name).clear].filter(([, each]) => each.roles.some((role) => roles.includes(role)));
    if (clear.length === 0) return file;
    // In Cube's image, whose compiler reads YAML with it.
    const yaml = require('js-yaml');
    const document = yaml.load(file.content);
    const changes = new Map(clear);
    for (const cube of document.cubes) {
      // A cube that extends another has its members from there, changed as they are.
      if (cube.extends === undefined) {
        cube[MEMBERS] = cube[MEMBERS].map((each) => (changes.has(each.name) ? change(each, changes.get(each.name)) : each));
        for (const each of cube[MEMBERS]) changes.delete(each.name);
        if (changes.size > 0) throw new StartError(`${file.fileName} has no ${[...changes.keys()].join(', ')}; generate the model anew.`);
      }
    }
    return { ...file, content: yaml.dump(document, { lineWidth: -1 }) };
  }
}

module.exports = { ModelVariants };
