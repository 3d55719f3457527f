'use strict';

/**
 * The access rules: for each cube or view a file `<name>.access.json` beside its YAML.
 *
 *   {"name": "orders", "kind": "cube" | "view",
 *    "access": {"kind": "filter", "filters": [{"member": "org_id", "claim": "organization_id", "type": "number", "exempts": false}]}
 *            | {"kind": "unfiltered"} | {"kind": "refused"},
 *    "hidden": ["email"],
 *    "clear": {"email": {"roles": ["support"], "sql": "{CUBE}.email", "type": "string", "format": null, "public": null}},
 *    "joins": ["customers"],
 *    "members": {"customer_region": ["customers.region"], "anything_of_customers": ["customers"]}}
 *
 * `hidden` are members that no query may name, not even to filter or sort by: Cube itself only keeps them out of answers.
 * `clear` are members that are hidden or masked, but not for some roles, with what the YAML says for these.
 * `joins` are the cubes that this one declares joins to. `members` names the members whose SQL reaches other cubes:
 * "cube.member" where it is known which member, "cube" for any of its members. Of a view it names every member, each
 * with the cubes of its join path in order.
 */

const { StartError } = require('./errors');
const { ACCESS, cubeName } = require('./model_files');
const { parseStrictJson } = require('./strict_json');

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const REACH = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$/;
const KEYS = ['access', 'clear', 'hidden', 'joins', 'kind', 'members', 'name'];
const ACCESS_KEYS = { filter: ['filters', 'kind'], unfiltered: ['kind'], refused: ['kind'] };
const CLEAR_KEYS = ['format', 'public', 'roles', 'sql', 'type'];
const FILTER_KEYS = ['claim', 'exempts', 'member', 'type'];

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const hasExactly = (value, keys) => isObject(value) && Object.keys(value).sort().join() === keys.join();
const isListOf = (value, pattern) => Array.isArray(value) && value.every((one) => typeof one === 'string' && pattern.test(one));

function isAccess(access) {
  if (!isObject(access) || !Object.hasOwn(ACCESS_KEYS, access.kind) || !hasExactly(access, ACCESS_KEYS[access.kind])) return false;
  return access.kind !== 'filter' || (Array.isArray(access.filters) && access.filters.length > 0 && access.filters.every(isFilter));
}

function isClear(clear) {
  if (!hasExactly(clear, CLEAR_KEYS) || ![null, true, false].includes(clear.public)) return false;
  const isText = (value) => typeof value === 'string' && value !== '';
  return Array.isArray(clear.roles) && clear.roles.length > 0 && [...clear.roles, clear.sql, clear.type].every(isText)
    && (clear.format === null || isText(clear.format));
}

function isFilter(filter) {
  return hasExactly(filter, FILTER_KEYS) && NAME.test(filter.member) && NAME.test(filter.claim) && typeof filter.exempts === 'boolean';
}

// What the settings say of a claim must be what the rules, and so the access policies, were generated for.
function checkFilter(file, { member, claim, type, exempts }, { claims, claimTypes, exemptRoles, filterColumn }) {
  if (!claims.includes(claim)) {
    throw new StartError(`${file} filters by the claim ${claim}; settings.json demands only ${claims.join(', ')}.`);
  }
  if (filterColumn !== undefined && claim === claims[0] && member !== filterColumn) {
    throw new StartError(`${file} filters by ${member}, and FLOE_FILTER_COLUMN is ${filterColumn}; unset it, or generate the model for that column.`);
  }
  const isOfType = Object.hasOwn(claimTypes, claim) && claimTypes[claim] === type;
  if (!isOfType || Object.hasOwn(exemptRoles, claim) !== exempts) {
    throw new StartError(`${file} and settings.json differ about the claim ${claim}; generate both anew.`);
  }
}

function parseRule({ fileName, content }) {
  let rule;
  try {
    rule = parseStrictJson(content);
  } catch (error) {
    throw new StartError(`${fileName} is not JSON (${error.message}); generate the model anew.`);
  }
  const mistake = (sentence) => new StartError(`${fileName}: ${sentence}; generate the model anew.`);
  if (!hasExactly(rule, KEYS)) throw mistake(`must have exactly the keys ${KEYS.join(', ')}`);
  if (rule.name !== cubeName(fileName, ACCESS) || !NAME.test(rule.name)) throw mistake('name must be the file\'s');
  if (!['cube', 'view'].includes(rule.kind)) throw mistake('kind must be "cube" or "view"');
  if (!isAccess(rule.access)) throw mistake('access must be filter (with a list of filters), unfiltered or refused');
  if (!isListOf(rule.hidden, NAME)) throw mistake('hidden must be a list of members');
  if (!isObject(rule.clear) || !Object.entries(rule.clear).every(([name, clear]) => NAME.test(name) && isClear(clear))) {
    throw mistake('clear must hold roles, sql, type, format and public');
  }
  if (!isListOf(rule.joins, NAME)) throw mistake('joins must be a list of cubes');
  if (!isObject(rule.members) || !Object.values(rule.members).every((reach) => isListOf(reach, REACH))) {
    throw mistake('members must hold lists of "cube" or "cube.member"');
  }
  return { ...rule, hidden: new Set(rule.hidden), clear: new Map(Object.entries(rule.clear)), members: new Map(Object.entries(rule.members)) };
}

function checkReferences(rules) {
  for (const rule of rules.values()) {
    for (const other of [...rule.joins, ...[...rule.members.values()].flat()]) {
      const [cube] = other.split('.');
      if (!rules.has(cube)) throw new StartError(`${rule.name}${ACCESS} names the cube ${cube}, which isn't in the model; generate the model anew.`);
    }
  }
}

/**
 * The rules by name.
 *
 * @param {{fileName: string, content: string}[]} files
 * @param {object} rowLevelSecurity of the stack's settings
 * @returns {Map<string, object>}
 */
function accessRules(files, rowLevelSecurity) {
  const rules = new Map(files.map(parseRule).map((rule) => [rule.name, rule]));
  checkReferences(rules);
  if (rowLevelSecurity.enabled) {
    for (const { name, access } of rules.values()) {
      for (const filter of access.filters ?? []) checkFilter(`${name}${ACCESS}`, filter, rowLevelSecurity);
    }
  }
  return rules;
}

module.exports = { accessRules };
