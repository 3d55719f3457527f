'use strict';

/**
 * Which texts may leave the process. Answers: only sentences known to say nothing but what the asker said; all others
 * are replaced. Logs: texts of databases and libraries, with everything that could be a value taken out.
 */

const LONGEST = 500;

// What Cube and GraphQL say of a query, in terms of that query. Looked up in api-gateway, schema-compiler and graphql.
const ABOUT_THE_QUERY = [
  /^Continue wait$/,
  /^'\w+' not found for path '[\w.]+'$/,
  /^Query should contain either measures, dimensions or timeDimensions with granularities in order to be valid$/,
  /^Query param is required$/,
  /^Invalid query format: [^\n]*$/,
  /^(Operator|Values) required for filter: [^\n]*$/,
  /^Operator [\w ]+ not supported for filter: [^\n]*$/,
  /^Can't parse date: '[^'\n]*'$/,
  /^Data blending query [a-z ]+$/,
  /^compareDateRange can only exist for one timeDimension$/,
  /^Can't find join path to join ('\w+'(, )?)+$/,
  /^API scope is missing: [a-z]+$/,
  /^Syntax Error: [^\n]*$/,
  /^Must provide (an operation|query string)\.?$/,
  /^Cannot query field "\w+" on type "\w+"\./,
  /^Unknown (argument|type|directive|fragment|operation named) "@?\w+"/,
  /^(Field|Variable|Argument|Value|Fragment) [^\n]*$/,
  /^(GraphQL only supports GET and POST requests|POST body sent invalid JSON|Variables are invalid JSON)\.$/,
];
// The one text with names in quotes: elsewhere these are values.
const UNKNOWN_MEMBER = /^((?:User)?Error: )?'\w+' not found for path '[\w.]+'/;
const HIDDEN_MEMBER = /hidden member/;
// GraphQL proposes other names, which the asker may not know.
const PROPOSAL = / Did you mean .*$/s;

const SENSITIVE = [
  // A URL's user and password.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1'],
  // JSON Web Tokens.
  [/\beyJ[\w-]*(\.[\w-]*){1,2}/g, '[token]'],
  [/\b(bearer|basic)\s+[\w+/=.~-]+/gi, '$1 [credential]'],
  [/\b(password|passwd|pwd|secret|token|api_?key|access_?key|credential)s?(["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;&]+)/gi, '$1$2[credential]'],
  [/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '[e-mail]'],
  // PostgreSQL's details of a failed constraint: (email)=(ada@example.com).
  [/\)=\([^)]*\)/g, ')=(?)'],
  // Literals; names of members and tables in double quotes stay.
  [/'(?:[^']|'')*'/g, "'?'"],
  // A value that a database repeats: invalid input syntax for type integer: "x".
  [/(: )"[^"]*"/g, '$1"?"'],
  [/\b\d[\d.,:/-]{3,}/g, '?'],
];

/** A text for logs and observers: without values, and not longer than 500 characters. */
function withoutValues(text) {
  const line = String(text).split('\n', 1)[0].slice(0, 4 * LONGEST);
  const unknown = UNKNOWN_MEMBER.exec(line);
  if (unknown !== null) return unknown[0].slice(0, LONGEST);
  return SENSITIVE.reduce((left, [pattern, replacement]) => left.replace(pattern, replacement), line).slice(0, LONGEST);
}

/**
 * What an asker is told.
 *
 * @param {number} status Cube's
 * @param {unknown} text what Cube would say
 * @param {(text: string) => number | undefined} ownStatus the status of a sentence of `errors.js`
 * @returns {{status: number, error: string}}
 */
function safeAnswer(status, text, ownStatus) {
  const said = typeof text === 'string' ? text.replace(/^(User|Cubejs\w+)?Error: /, '') : '';
  // Where Cube hands it on as an error of its database, it has lost its status.
  const known = ownStatus(said);
  if (known !== undefined) return { status: known, error: said };
  if (HIDDEN_MEMBER.test(said)) return { status: 403, error: 'Access to the requested data is refused.' };
  if (ABOUT_THE_QUERY.some((pattern) => pattern.test(said))) {
    return { status: status >= 500 ? 400 : status, error: said.replace(PROPOSAL, '').slice(0, LONGEST) };
  }
  if (status === 401) return { status, error: 'A token is required.' };
  if (status === 403) return { status, error: 'Access to the requested data is refused.' };
  if (status === 404) return { status, error: 'There is nothing at this address.' };
  if (status === 413) return { status, error: 'The request is too large.' };
  return { status, error: 'The query could not be answered; the log has the reason under this requestId.' };
}

module.exports = { withoutValues, safeAnswer };
