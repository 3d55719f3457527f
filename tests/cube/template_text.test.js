'use strict';

// Texts of a YAML model become what they stand for, and the functions that Cube gets of them.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const vm = require('node:vm');
const { referenceFunction, referencesFunction, templateFunction, valuesFunction } = require('../../floe_cube_infra/cube/model_functions');
const { NotOurs, readCode, readExpression, readTemplate, readText } = require('../../floe_cube_infra/cube/template_text');

const scope = { place: 'cubes/orders.yml', has: (name) => ['CUBE', 'customers', 'FILTER_PARAMS', 'securityContext'].includes(name) };
const named = (text) => new Proxy({}, { get: (_, name) => (name === Symbol.toPrimitive || name === 'toString' ? () => text : named(`${text}.${name}`)) });

for (const [what, text, expected] of [
  ['plain text', 'Sum of all lines.', 'Sum of all lines.'],
  ['no text', '', ''],
  ['the empty constant', '{\'\'}', ''],
  ['escapes', '\\{a\\} \\\\ \\% \\x66 \\u2028', '{a} \\ % f \u2028'],
  ['a continued line', 'a\\\nb', 'ab'],
  ['what means something to JavaScript', '`${process.exit(3)}'.replaceAll(/[{}]/g, '\\$&'), '`${process.exit(3)}'],
  ['quotes and line breaks', 'it\'s "so"\n\tyes', 'it\'s "so"\n\tyes'],
]) {
  test(`${what} is read as it is meant`, () => assert.equal(readText(text), expected));
}

for (const text of ['a { b', 'a } b', '{', '{a b}', '{1}', '{a.}', '\\', '\\n', '\\x4', '\\u12', '\r', '{a()}', '{a[0]}', '{x.filter("y")}', '{x.filter(\'y z\')}', '{from}', '{CUBE.from}', '{public}', 'f', '{CUBE}f']) {
  test(`${JSON.stringify(text)} is left to Cube`, () => assert.throws(() => readTemplate(text), NotOurs));
}
for (const text of ['', 'a b', '{a', 'a}', '\'x\'', 'a.b()', 'lambda x: x', 'a-b']) {
  test(`the expression ${JSON.stringify(text)} is left to Cube`, () => assert.throws(() => readExpression(text), NotOurs));
}

test('code is a text of its own', () => {
  assert.equal(readCode('f"hidden"'), 'hidden');
  assert.equal(readCode('f"say \\"it\\" \\`so\\`"'), 'say "it" `so`');
  assert.equal(readCode('\'\''), '');
  for (const text of ['hidden', 'f"a"b"', 'f"a', 'f"{x}"', '"a"', 'process.exit()']) assert.throws(() => readCode(text), NotOurs);
});

test('a text with a reference is no plain text', () => assert.throws(() => readText('see {CUBE}'), NotOurs));

test('a function asks for what it refers to, once and in order, and puts it in its place', () => {
  const made = templateFunction(readTemplate('{CUBE}.a = { customers.id } AND {CUBE}.b = {customers}.b'), scope);
  assert.equal(made.toString(), '(CUBE, customers) => `${CUBE}.a = ${customers.id} AND ${CUBE}.b = ${customers}.b`');
  assert.equal(made(named('o'), named('c')), 'o.a = c.id AND o.b = c.b');
});

test('a filter parameter is called with its column', () => {
  const made = templateFunction(readTemplate('{FILTER_PARAMS.orders.day.filter(\'day\')}'), scope);
  assert.equal(made.toString(), '(FILTER_PARAMS) => `${FILTER_PARAMS.orders.day.filter(\'day\')}`');
  assert.equal(made({ orders: { day: { filter: (column) => `${column} = 1` } } }), 'day = 1');
});

test('references and values are handed on as they are', () => {
  const value = { filter_claims: { team: ['a'] } };
  assert.equal(referenceFunction(readExpression('{ securityContext.filter_claims.team }'), scope)(value), value.filter_claims.team);
  assert.deepEqual(referencesFunction(['CUBE.a', 'customers.b'].map(readExpression), scope)({ a: 1 }, { b: 2 }), [1, 2]);
  const values = valuesFunction([readTemplate('{securityContext.team}'), readTemplate('x'), 3, true, null], scope);
  assert.equal(values.toString(), '(securityContext) => [`${securityContext.team}`, `x`, 3, true, null]');
  assert.deepEqual(values({ team: 'a' }), ['a', 'x', 3, true, null]);
});

test('a name that isn\'t there is an error with its place, never `undefined` in SQL', () => {
  const made = templateFunction(readTemplate('{nowhere}.a'), scope);
  assert.equal(made.toString(), '() => `${nowhere}.a`');
  assert.throws(() => made(), { name: 'ReferenceError', message: 'cubes/orders.yml: nowhere is not defined' });
});

const PIECES = ['\\', '{', '}', '`', '$', '${', '{CUBE}', '{customers.id}', '=>', '(', ')', '"', '\'', '\n', '//', '*/', '\\`', '\\\\', '${process}', '\u2028', ' ', 'a', '%', '</script>', '\\u0060', '$$'];

// The same texts in each run.
function* texts(count) {
  let state = 1;
  const next = (limit) => {
    state = (state * 48271) % 2147483647;
    return state % limit;
  };
  for (let index = 0; index < count; index += 1) yield Array.from({ length: 1 + next(10) }, () => PIECES[next(PIECES.length)]).join('');
}
const isOurs = (text) => {
  try {
    return readTemplate(text);
  } catch {
    return null;
  }
};
const inYaml = (text) => text.replaceAll(/\{(?:CUBE|customers\.id)\}|[\\{}]/g, (each) => (each.length > 1 ? each : `\\${each}`));

test('the text that a function tells says what the function does, and nothing in it gets out of its quotes', () => {
  let count = 0;
  for (const raw of texts(4000)) {
    for (const parts of [isOurs(raw), isOurs(inYaml(raw))]) {
      if (parts === null) continue;
      count += 1;
      const any = { ...scope, has: () => true };
      for (const made of [templateFunction(parts, any), valuesFunction([parts], any)]) {
        const sandbox = vm.createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
        const told = vm.runInContext(made.toString(), sandbox);
        const names = /^\(([^)]*)\)/.exec(made.toString())[1].split(', ').filter(Boolean);
        const values = names.map(named);
        assert.deepEqual([told(...values)].flat().join(), [made(...values)].flat().join(), raw);
      }
    }
  }
  assert.ok(count > 3000, String(count));
});
