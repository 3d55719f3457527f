'use strict';

/**
 * Text of a YAML model, read the way it is written there: `\{`, `\x41` and their like are characters, and
 * `{CUBE}.amount` or `{FILTER_PARAMS.orders.day.filter('day')}` hold references. render/cube_text.py writes it, and
 * says why it is written so. What it never writes isn't read here either.
 */

/** A text or a key that is left to Cube's own reading. */
class NotOurs extends Error {}

// Words of Python, which no reference may contain, and those of JavaScript and Cube, which none may begin with; as in
// model/names.py. Cube refuses them or takes them for something else.
const KEYWORDS = new Set([
  'False', 'None', 'True', 'and', 'as', 'assert', 'async', 'await', 'break', 'class', 'continue', 'def', 'del', 'elif', 'else', 'except',
  'finally', 'for', 'from', 'global', 'if', 'import', 'in', 'is', 'lambda', 'nonlocal', 'not', 'or', 'pass', 'raise', 'return', 'try',
  'while', 'with', 'yield',
]);
const RESERVED = new Set([
  ...KEYWORDS, 'case', 'catch', 'const', 'debugger', 'default', 'delete', 'do', 'enum', 'export', 'extends', 'false', 'function', 'groups',
  'implements', 'instanceof', 'interface', 'let', 'new', 'null', 'package', 'private', 'protected', 'public', 'static', 'super', 'switch',
  'this', 'throw', 'true', 'typeof', 'userAttributes', 'user_attributes', 'var', 'void',
]);

const NAME = '[A-Za-z_][A-Za-z0-9_]*';
const PATH = `(${NAME}(?:\\.${NAME})*)`;
const TOKEN = new RegExp(
  [
    '\\\\x(?<byte>[0-9a-f]{2})',
    '\\\\u(?<unit>[0-9a-f]{4})',
    '\\\\(?<same>[\\\\{}%])',
    '(?<nothing>\\\\\\n|\\{\'\'\\})',
    `\\{ *(?<path>${NAME}(?:\\.${NAME})*)(?:\\.filter\\('(?<column>${NAME})'\\))? *\\}`,
    '(?<plain>[^\\\\{}\\r]+)',
  ].join('|'),
  'y',
);
// Cube takes an f at the very end, after nothing or a reference, for the start of one more f-string.
const QUIRK = /(?:^|\})(?:[fF][rR]?|[rR][fF])$/;
const EXPRESSION = new RegExp(`^(?:\\{ *${PATH} *\\}|${PATH})$`);
const CODED_TEXT = /^f"((?:[^"\\]|\\[^])*)"$/;

function reference(path, column) {
  const [head, ...names] = path.split('.');
  if (RESERVED.has(head) || names.some((name) => KEYWORDS.has(name))) throw new NotOurs(`a word with another meaning in {${path}}`);
  return { head, names, column };
}

function partOf({ byte, unit, same, path, column, plain }) {
  if (path !== undefined) return reference(path, column);
  const code = byte ?? unit;
  return code === undefined ? plain ?? same ?? '' : String.fromCharCode(Number.parseInt(code, 16));
}

/**
 * Reads a text with references.
 *
 * @returns {(string | {head: string, names: string[], column: string | undefined})[]} texts, never two in a row, and
 *   references: `{orders.day}` has the head `orders` and the names [`day`]; `column` is the argument of `.filter`
 * @throws {NotOurs} if it is written in another way than ours
 */
function readTemplate(text) {
  if (QUIRK.test(text)) throw new NotOurs(`can't read ${JSON.stringify(text.slice(-40))}`);
  const parts = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(text);
    if (match === null) throw new NotOurs(`can't read ${JSON.stringify(text.slice(at, at + 40))}`);
    const part = partOf(match.groups);
    if (typeof part === 'string' && typeof parts.at(-1) === 'string') parts[parts.length - 1] += part;
    else parts.push(part);
  }
  return parts;
}

/** Reads a text without references. Throws NotOurs if there are any. */
function readText(text) {
  const parts = readTemplate(text);
  if (parts.some((part) => typeof part !== 'string')) throw new NotOurs(`a reference in ${JSON.stringify(text)}`);
  return parts.join('');
}

/** Reads the name of a member, `CUBE.amount`, also in braces. Throws NotOurs if it is anything else. */
function readExpression(text) {
  const match = EXPRESSION.exec(text);
  if (match === null) throw new NotOurs(`can't read ${JSON.stringify(text)}`);
  return reference(match[1] ?? match[2]);
}

/** Reads the value of a key that holds code: a text as `f"..."`, or `''`. Throws NotOurs if it is anything else. */
function readCode(text) {
  if (text === '\'\'') return '';
  const match = CODED_TEXT.exec(text);
  if (match === null) throw new NotOurs(`can't read ${JSON.stringify(text)}`);
  return readText(match[1].replaceAll(/\\(["`])/g, '$1'));
}

module.exports = { NotOurs, readCode, readExpression, readTemplate, readText };
