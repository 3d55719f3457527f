'use strict';

/**
 * Cubes and views as the objects that Cube's compiler wants, made of the YAML that people review.
 *
 * Cube itself reads every text of a YAML model with a parser of Python, which takes most of a start, and a model that
 * is JavaScript is parsed, changed and printed four times. These objects need neither, and mean the same
 * (tests/compile holds both beside each other). Which keys hold functions is looked up in Cube's own tables.
 * Source: YamlCompiler.transformYamlCubeObj and transpileYaml of `@cubejs-backend/schema-compiler` 1.7.43.
 */

const { referenceFunction, referencesFunction, templateFunction, valuesFunction } = require('./model_functions');
const { NotOurs, readCode, readExpression, readTemplate, readText } = require('./template_text');

// What Cube hands to a function beside cubes and members.
const GIVEN = ['CUBE', 'TABLE', 'SECURITY_CONTEXT', 'security_context', 'securityContext', 'FILTER_PARAMS', 'FILTER_GROUP', 'SQL_UTILS'];
const MEMBERS = ['measures', 'dimensions', 'segments', 'preAggregations'];
const KINDS = { cubes: 'cube', views: 'view' };

/** Cube's own tables and changes of keys; throws if this version of Cube keeps them elsewhere. */
function cubeTables() {
  const compiler = '@cubejs-backend/schema-compiler/dist/src/compiler';
  const { transpiledFields, transpiledFieldsPatterns } = require(`${compiler}/transpilers`);
  const { nonStringFields } = require(`${compiler}/CubeValidator`);
  const { camelizeCube } = require(`${compiler}/utils`);
  const last = (path) => path.at(-1);
  return {
    camelizeCube,
    isFunction: (path) => transpiledFields.has(last(path)) && transpiledFieldsPatterns.some((pattern) => pattern.test(path.join('.'))),
    isCode: (path) => nonStringFields.has(last(path)),
  };
}

// A list of things with names becomes an object, keyed by them.
function keyedByName(list) {
  if (!Array.isArray(list)) throw new NotOurs('no list');
  const keyed = {};
  for (const { name, indexes, granularities, ...others } of list) {
    if (typeof name !== 'string' || name === '__proto__' || Object.hasOwn(keyed, name)) throw new NotOurs(`the name ${name}`);
    keyed[name] = {
      ...(indexes === undefined ? {} : { indexes: keyedByName(indexes) }),
      ...(granularities === undefined ? {} : { granularities: keyedByName(granularities) }),
      ...others,
    };
  }
  return keyed;
}

function withMembersByName(given, tables) {
  if (typeof given?.name !== 'string') throw new NotOurs('no name');
  const cube = tables.camelizeCube({ ...given });
  for (const key of [...MEMBERS, 'hierarchies']) cube[key] = keyedByName(cube[key] ?? []);
  cube.joins = cube.joins ?? [];
  if (!Array.isArray(cube.joins)) throw new NotOurs('joins are no list');
  return cube;
}

const keyOf = (path) => path.at(-1);

function valuesOf(list) {
  return list.map((value) => {
    if (typeof value === 'string') return value === '' ? null : readTemplate(value);
    if (['boolean', 'number'].includes(typeof value)) return value;
    throw new NotOurs(`a value ${value}`);
  });
}

function functionAt(value, path, scope) {
  if (typeof value === 'string' && value !== '') {
    return ['sql', 'sqlTable'].includes(keyOf(path))
      ? templateFunction(readTemplate(value), scope)
      : referenceFunction(readExpression(value), scope);
  }
  if (!Array.isArray(value)) throw new NotOurs(`${path.join('.')} is neither text nor a list`);
  return keyOf(path) === 'values'
    ? valuesFunction(valuesOf(value), scope)
    : referencesFunction(value.map((each) => readExpression(String(each))), scope);
}

/** What Cube makes of the value under a path of keys. */
function translated(value, path, scope, tables) {
  if (tables.isFunction(path)) return functionAt(value, path, scope);
  if (keyOf(path) === 'extends') return referenceFunction(readExpression(value), scope);
  if (typeof value === 'string') {
    if (tables.isCode(path)) return readCode(value);
    return value === '' ? null : readText(value);
  }
  if (['boolean', 'number'].includes(typeof value) || (value === null && path.includes('meta'))) return value;
  if (Array.isArray(value)) return value.map((each, index) => translated(each, [...path, String(index)], scope, tables));
  if (value === null || Object.getPrototypeOf(value) !== Object.prototype) throw new NotOurs(`${path.join('.')} is ${value}`);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => {
    // Cube finds that word in any key, and some keys mean more to JavaScript than a name.
    if (key === '__proto__' || (key.includes('extends') && key !== 'extends')) throw new NotOurs(`the key ${key}`);
    return [key, translated(each, [...path, key], scope, tables)];
  }));
}

function ownNames(cube, byName, depth = 0) {
  const parent = byName.get(cube.extends);
  const inherited = parent === undefined || depth > byName.size ? [] : ownNames(parent, byName, depth + 1);
  return [...inherited, ...MEMBERS.flatMap((key) => Object.keys(cube[key]))];
}

function* thingsOf(document) {
  if (typeof document !== 'object' || document === null) throw new NotOurs('no mapping');
  for (const [key, list] of Object.entries(document)) {
    if (!Object.hasOwn(KINDS, key) || !Array.isArray(list)) throw new NotOurs(`the key ${key}`);
    for (const thing of list) yield { kind: KINDS[key], thing };
  }
}

// Each file is either read as a whole or left to Cube as a whole.
function attempt(fileName, left, read) {
  try {
    return read();
  } catch (error) {
    left.push({ fileName, reason: error.message });
    return [];
  }
}

/**
 * Translates model files.
 *
 * @param {{fileName: string, content: string}[]} files YAML
 * @param {(text: string) => unknown} parse reads YAML as Cube does
 * @param {object} tables as cubeTables gives them
 * @returns {{definitions: {kind: 'cube' | 'view', name: string, fileName: string, definition: object}[],
 *   left: {fileName: string, reason: string}[]}} `left` are the files that Cube has to read by itself
 */
function modelDefinitions(files, parse, tables) {
  const left = [];
  const read = files.map(({ fileName, content }) => ({
    fileName,
    things: attempt(fileName, left, () => {
      if (/\{%|%\}|\{\{|\}\}/.test(content)) throw new NotOurs('it looks like a Jinja template');
      return [...thingsOf(parse(content))].map(({ kind, thing }) => ({ kind, cube: withMembersByName(thing, tables) }));
    }),
  }));
  const byName = new Map(read.flatMap(({ things }) => things.map(({ cube }) => [cube.name, cube])));
  const definitions = read.flatMap(({ fileName, things }) => attempt(fileName, left, () => things.map(({ kind, cube }) => {
    const names = new Set([...GIVEN, ...(kind === 'cube' ? ownNames(cube, byName) : [])]);
    const scope = { place: fileName, has: (name) => names.has(name) || byName.has(name) };
    return { kind, name: cube.name, fileName, definition: translated(cube, [], scope, tables) };
  })));
  return { definitions, left };
}

module.exports = { cubeTables, modelDefinitions };
