'use strict';

/**
 * A stand-in for the Rust addon of Cube 1.7 (`@cubejs-backend/native`), which is downloaded from where not every machine
 * can reach. With it Cube's server compiles YAML, plans SQL with its JavaScript planner, and answers REST and GraphQL;
 * the JavaScript side of its SQL API can be driven over loopback (see sql_callbacks.js).
 *
 * What it can't do it says: the wire protocol and the planner of the SQL API, Jinja, Python, Cube Store, Tesseract.
 */

const { finalAnswer, finalAnswers } = require('./answers');
const { serveCallbacks } = require('./sql_callbacks');

function refuse(what) {
  return () => {
    throw new Error(`The stand-in for @cubejs-backend/native has no ${what}; install the real addon for it.`);
  };
}

module.exports = {
  isFallbackBuild: () => true,
  setupLogger() {},
  resetLogger() {},
  redactSqlLiterals: (sql) => String(sql).replace(/'(?:[^']|'')*'/g, '\'redacted\''),

  getFinalQueryResult: async (...given) => finalAnswer(...given),
  getFinalQueryResultMulti: async (...given) => finalAnswers(...given),

  registerInterface: serveCallbacks,
  shutdownInterface: async (server) => server?.close(),
  execSql: refuse('SQL planner (execSql, the endpoint /cubesql)'),
  sql4sql: refuse('SQL planner (sql4sql)'),
  rest4sql: refuse('SQL planner (rest4sql)'),

  newJinjaEngine: () => ({ loadTemplate() {}, renderTemplate: refuse('Jinja') }),
  pythonLoadConfig: refuse('Python (cube.py)'),
  pythonLoadModel: refuse('Python (globals.py)'),
  buildSqlAndParams: refuse('Tesseract: set CUBEJS_TESSERACT_SQL_PLANNER=false'),
  parseCubestoreResultMessage: refuse('Cube Store'),
  getCubestoreResult: refuse('Cube Store'),
};
