'use strict';

/**
 * A SQL statement without its literals and comments; names stay. Where a text ends depends on the database: in one
 * `'\'` is a whole text, in the other its beginning. A statement for an unknown database isn't told at all.
 */

const COMMENT = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/;
const WORD = /[A-Za-z_][\w$]*/;
const IN_BACKTICKS = /`[^`]*(?:`|$)/;
const IN_DOUBLE_QUOTES = /"(?:[^"]|"")*(?:"|$)/;
const PLACE = /\$\d+\$?|\?/;
const NUMBER = /0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/;
const PLAIN_TEXT = /(?:[bBnNxX]|[uU]&)?'(?:[^']|'')*(?:'|$)/;
const ESCAPED_TEXT = /(?:[bBrRxX]{0,2})'(?:[^'\\]|''|\\[\s\S])*(?:'|$)/;
const POSTGRES_ESCAPED_TEXT = /[eE]'(?:[^'\\]|''|\\[\s\S])*(?:'|$)/;
const TAGGED_TEXT = /\$(?<tag>(?:[A-Za-z_]\w*)?)\$[\s\S]*?(?:\$\k<tag>\$|$)/;
const TRIPLE_TEXT = /[bBrR]{0,2}(?:'''(?:[^\\]|\\[\s\S])*?(?:'''|$)|"""(?:[^\\]|\\[\s\S])*?(?:"""|$))/;
const TEXT_IN_DOUBLE_QUOTES = /[bBrR]{0,2}"(?:[^"\\]|\\[\s\S])*(?:"|$)/;

const either = (...patterns) => patterns.map(({ source }) => source).join('|');
const dialect = (texts, names) => new RegExp(
  `(?<comment>${COMMENT.source})|(?<literal>${either(...texts, PLACE)})|(?<name>${either(...names, WORD)})|(?<number>${NUMBER.source})`, 'g',
);
const DIALECTS = {
  postgres: dialect([TAGGED_TEXT, POSTGRES_ESCAPED_TEXT, PLAIN_TEXT], [IN_DOUBLE_QUOTES]),
  trino: dialect([PLAIN_TEXT], [IN_DOUBLE_QUOTES]),
  snowflake: dialect([TAGGED_TEXT, ESCAPED_TEXT], [IN_DOUBLE_QUOTES]),
  bigquery: dialect([TRIPLE_TEXT, ESCAPED_TEXT, TEXT_IN_DOUBLE_QUOTES], [IN_BACKTICKS]),
  'databricks-jdbc': dialect([ESCAPED_TEXT, TEXT_IN_DOUBLE_QUOTES], [IN_BACKTICKS]),
};
const LONGEST = 32_768;

/**
 * Replaces literals and placeholders by `?`.
 *
 * @param {string} sql as Cube sends it
 * @param {string} databaseType CUBEJS_DB_TYPE
 * @returns {string | undefined} at most 32768 characters
 */
function withoutLiterals(sql, databaseType) {
  if (!Object.hasOwn(DIALECTS, databaseType)) return undefined;
  return sql.slice(0, 4 * LONGEST).replace(DIALECTS[databaseType], (found, ...rest) => {
    const { comment, name } = rest.at(-1);
    if (comment !== undefined) return ' ';
    return name === undefined ? '?' : found;
  }).replace(/\s+/g, ' ').trim().slice(0, LONGEST).toWellFormed();
}

module.exports = { withoutLiterals };
