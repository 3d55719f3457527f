'use strict';

/**
 * SQL and references as the functions that Cube's compiler wants. Cube finds what a function needs in its text: the
 * names of its parameters, which it looks up and hands in. So a function here tells a text of its own, the arrow
 * function that Cube would have made of the same YAML. The text is never run: nothing here makes code of a string.
 */

const valueOf = ({ names, column }, start) => {
  const value = names.reduce((each, name) => each[name], start);
  return column === undefined ? value : value.filter(column);
};

const inTemplate = (text) => text.replaceAll(/[\\`]|\$(?=\{)/g, '\\$&');
const pathText = ({ head, names, column }) => [head, ...names, ...(column === undefined ? [] : [`filter('${column}')`])].join('.');

function templateText(parts) {
  // A text that ends in $ must not make a ${ of the reference that follows.
  const text = (part, index) => (parts.length > index + 1 && part.endsWith('$') ? `${inTemplate(part.slice(0, -1))}\\$` : inTemplate(part));
  return `\`${parts.map((part, index) => (typeof part === 'string' ? text(part, index) : `\${${pathText(part)}}`)).join('')}\``;
}

function functionOf(references, scope, body, evaluate) {
  const heads = [...new Set(references.map(({ head }) => head))];
  const parameters = heads.filter(scope.has);
  const unknown = heads.find((head) => !scope.has(head));
  const made = (...values) => {
    // Not `undefined`, which Cube would put into SQL.
    if (unknown !== undefined) throw new ReferenceError(`${scope.place}: ${unknown} is not defined`);
    return evaluate((each) => valueOf(each, values[parameters.indexOf(each.head)]));
  };
  const text = `(${parameters.join(', ')}) => ${body}`;
  return Object.defineProperty(made, 'toString', { value: () => text });
}

const isReference = (part) => typeof part === 'object' && part !== null;
const referencesOf = (parts) => parts.filter(isReference);
const joined = (parts, look) => parts.map((part) => (isReference(part) ? `${look(part)}` : part)).join('');

/**
 * A function that gives SQL.
 *
 * @param {(string | object)[]} parts as readTemplate gives them
 * @param {{has: (name: string) => boolean, place: string}} scope the names that can be referred to; for errors, where
 */
function templateFunction(parts, scope) {
  return functionOf(referencesOf(parts), scope, templateText(parts), (look) => joined(parts, look));
}

/** A function that gives what one reference stands for. */
function referenceFunction(reference, scope) {
  return functionOf([reference], scope, pathText(reference), (look) => look(reference));
}

/** A function that gives what each of the references stands for. */
function referencesFunction(references, scope) {
  return functionOf(references, scope, `[${references.map(pathText).join(', ')}]`, (look) => references.map(look));
}

/** A function that gives a list of values: parts of a template, or anything that JSON has. */
function valuesFunction(values, scope) {
  const references = values.filter(Array.isArray).flatMap(referencesOf);
  const text = values.map((value) => (Array.isArray(value) ? templateText(value) : JSON.stringify(value))).join(', ');
  return functionOf(references, scope, `[${text}]`, (look) => values.map((value) => (Array.isArray(value) ? joined(value, look) : value)));
}

module.exports = { referenceFunction, referencesFunction, templateFunction, valuesFunction };
