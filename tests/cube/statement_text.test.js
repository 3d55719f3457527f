'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { withoutLiterals } = require('../../floe_cube_infra/cube/statement_text');

for (const [what, database, sql, expected] of [
  ['texts, numbers and placeholders', 'postgres', 'SELECT "o".a1, 12.5e3 + .5 FROM t WHERE x = \'secret\' AND y = $1', 'SELECT "o".a1, ? + ? FROM t WHERE x = ? AND y = ?'],
  ['doubled quotes', 'postgres', 'SELECT \'it\'\'s secret\' AS "a""b"', 'SELECT ? AS "a""b"'],
  ['a backslash that ends a text', 'postgres', 'x = \'C:\\\' AND y = \'secret\'', 'x = ? AND y = ?'],
  ['a backslash that doesn\'t', 'postgres', 'x = E\'it\\\'s secret\' AND y', 'x = ? AND y'],
  ['texts between dollars', 'postgres', 'x = $$a \'secret$$ AND y = $t$ secret $$ $t$', 'x = ? AND y = ?'],
  ['comments', 'postgres', 'SELECT 1 -- secret\n/* secret \' */ + x', 'SELECT ? + x'],
  ['a text without an end', 'postgres', 'x = \'secret', 'x = ?'],
  ['hexadecimal numbers and bits', 'postgres', 'x = 0xDEAD AND y = B\'101\' AND z = X\'1F\'', 'x = ? AND y = ? AND z = ?'],
  ['escapes of Snowflake', 'snowflake', 'x = \'it\\\'s secret\' AND "y" = \'\'', 'x = ? AND "y" = ?'],
  ['texts in double quotes', 'bigquery', 'SELECT `a.b` FROM t WHERE x = "it\'s \\"secret" AND y = r"secret"', 'SELECT `a.b` FROM t WHERE x = ? AND y = ?'],
  ['three quotes', 'bigquery', 'x = \'\'\'it\'s secret\'\'\' AND y = """a "secret" b"""', 'x = ? AND y = ?'],
  ['texts of Databricks', 'databricks-jdbc', 'x = "secret" AND `y` = \'secret\'', 'x = ? AND `y` = ?'],
  ['texts of Trino', 'trino', 'x = \'it\'\'s\' AND "y" = ?', 'x = ? AND "y" = ?'],
]) {
  test(`${what} are no part of a statement that is told (${database})`, () => assert.equal(withoutLiterals(sql, database), expected));
}

test('nothing is told of a statement for an unknown database', () => {
  assert.equal(withoutLiterals('SELECT 1', 'tomorrow'), undefined);
  assert.equal(withoutLiterals('SELECT 1', undefined), undefined);
});

test('a statement is cut at the length that the observer takes', () => {
  assert.equal(withoutLiterals('word '.repeat(50_000), 'postgres').length, 32_768);
});
