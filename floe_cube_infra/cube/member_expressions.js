'use strict';

/**
 * What the expressions read that the SQL API's pushdown puts in the place of member names:
 *
 *   {cubeName, name, expression: ["orders", "customers", "return `SUM(${orders.amount})`"], definition}
 *   {..., expression: {type: "PatchMeasure", sourceMeasure: "orders.total", addFilters: [["orders", "return `...`"]]}}
 *
 * Cube makes a function of the text, so the text must be just one template whose holes are plain member references;
 * anything else is refused, since nobody could tell what it reads. This can't keep code from being run: where a
 * model has access policies Cube runs the function before queryRewrite. That only its Rust part writes these texts
 * is what protects there; from REST and GraphQL Cube takes none.
 */

const { forbidden } = require('./errors');
const { NO_MEMBER, touch } = require('./access_closure');

const REFUSED = 'This expression is not allowed.';
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const TEMPLATE = /^return `([^]*)`$/;
// What a template consists of: an escaped character, a hole, the two characters that could end or open one, the rest.
const PIECES = /\\[^]|\$\{([^{}`]*)\}|[`\\]|\$\{|\$|[^`\\$]+/g;
const REFERENCE = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*){0,2}$/;

function refuse() {
  throw forbidden(REFUSED);
}

// "orders", "orders.amount", "orders.created_at.day", "orders.customers.name"
function referencedBy(reference, isCube) {
  const parts = reference.split('.');
  const touches = [touch(parts[0], parts[1] ?? null)];
  parts.slice(1).forEach((part, index) => {
    if (isCube(part)) touches.push(touch(part, parts[index + 2] ?? null));
  });
  return touches;
}

function readBySql(parts, isCube) {
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) refuse();
  const parameters = parts.slice(0, -1);
  const template = TEMPLATE.exec(parts.at(-1) ?? '');
  if (template === null || !parameters.every((name) => IDENTIFIER.test(name))) refuse();
  const touches = [];
  for (const [piece, hole] of template[1].matchAll(PIECES)) {
    if (hole !== undefined) {
      const reference = hole.trim();
      if (!REFERENCE.test(reference) || !parameters.includes(reference.split('.')[0])) refuse();
      touches.push(...referencedBy(reference, isCube));
    } else if (piece === '`' || piece === '\\' || piece === '${') refuse();
  }
  return touches;
}

function readByPatch({ type, sourceMeasure, addFilters }, isCube) {
  if (type !== 'PatchMeasure' || typeof sourceMeasure !== 'string' || !Array.isArray(addFilters)) refuse();
  if (!REFERENCE.test(sourceMeasure)) refuse();
  const source = sourceMeasure.includes('.') ? referencedBy(sourceMeasure, isCube) : [];
  return [...source, ...addFilters.flatMap((filter) => readBySql(filter, isCube))];
}

/**
 * The cubes and members that an expression reads.
 *
 * @param {object} member as the SQL API sends it
 * @param {(name: string) => boolean} isCube
 */
function readByExpression(member, isCube) {
  const { cubeName, expression } = member;
  if (typeof cubeName !== 'string' || !IDENTIFIER.test(cubeName)) refuse();
  if (typeof expression !== 'object' || expression === null) refuse();
  const read = Array.isArray(expression) ? readBySql(expression, isCube) : readByPatch(expression, isCube);
  return [touch(cubeName, NO_MEMBER), ...read];
}

module.exports = { readByExpression };
