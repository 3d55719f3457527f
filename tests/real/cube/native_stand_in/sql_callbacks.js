'use strict';

/**
 * Drives the callbacks that Cube hands its SQL API, as its Rust part does, by JSON over loopback HTTP on the port
 * STAND_IN_SQL_PORT. A request is {user, password} and one of
 *
 *   {load: query}        one query as a whole (sqlApiLoad)
 *   {pushdown: query}    SQL first, then its answer (sql, sqlApiLoad with sqlQuery); members may be '{...}' expressions
 *   {meta: true}         what the catalog is made of
 *   {setUser: name}      SET user
 *
 * and perhaps `changeUser`, `appName` (as by SET application_name), `renew` (the password is forgotten, as when a session's
 * authentication has grown old).
 */

const http = require('node:http');
const { rowsOf } = require('./answers');

let requests = 0;

// A callback takes JSON and a channel, and answers through the channel.
const call = (callback, given) => new Promise((resolve, reject) => {
  callback(JSON.stringify(given), { resolve, reject: (message) => reject(new Error(message)) });
});
// This one takes an object.
const tell = (callback, given) => new Promise((resolve, reject) => {
  callback(given, { resolve, reject: (message) => reject(new Error(message)) });
});
const callForJson = async (callback, given) => {
  const text = await call(callback, given);
  return text === '' ? null : JSON.parse(text);
};

async function login(callbacks, request, { user, password }) {
  const auth = { ...request, protocol: 'postgres', method: 'password' };
  const answer = await callForJson(callbacks.checkSqlAuth, { request: auth, user, password });
  if (!answer.skipPasswordCheck && answer.password !== password) throw new Error(`password authentication failed for user "${user}"`);
  return { user, superuser: answer.superuser, securityContext: answer.securityContext };
}

// The Rust part asks again by itself.
async function untilAnswered(ask) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (error.message !== 'Continue wait') throw error;
    }
  }
}

async function load(callbacks, common, query, sqlQuery = null) {
  const answer = await untilAnswered(() => call(callbacks.sqlApiLoad, { ...common, query, queryKey: query, sqlQuery, streaming: false }));
  if (!answer.isWrapper) return JSON.parse(answer).results[0].data;
  const [given, raw] = await answer.getFinalResult();
  return rowsOf({ ...given[0], resType: 'columnar' }, raw[0]);
}

async function pushdown(callbacks, common, query) {
  const { sql: { sql: [annotated, values] } } = await callForJson(callbacks.sql, { ...common, query, memberToAlias: {}, expressionParams: null });
  // The Rust part puts the numbers into this text, as it may put it into a larger one.
  const sql = [annotated.replaceAll(/\$(\d+)\$/g, (_, number) => `$${Number(number) + 1}`), values];
  return { ...await load(callbacks, common, query, sql), sql };
}

// The Rust part tells of each statement as a whole, however many queries it takes.
async function told(callbacks, common, statement) {
  const log = (event, properties) => tell(callbacks.logLoadEvent, { ...common, event, properties: { ...properties, apiType: 'sql' } });
  await log('Load Request', { query: { sql: 'SELECT ...' } });
  try {
    const result = await statement();
    await log('Load Request Success', { query: { sql: 'SELECT ...' }, duration: 1, isDataQuery: true });
    return result;
  } catch (error) {
    await log('SQL API Error', { query: { sql: 'SELECT ...' }, duration: 1, error: error.message });
    throw error;
  }
}

async function answer(callbacks, body) {
  requests += 1;
  const meta = { protocol: 'postgres', apiType: 'sql', appName: body.appName ?? 'tests', ...(body.changeUser ? { changeUser: body.changeUser } : {}) };
  const request = { id: `stand-in-${requests}-span-1`, meta };
  let session = await login(callbacks, request, body);
  if (body.renew) session = await login(callbacks, request, { user: body.user, password: null });
  const common = { request, session };
  if (body.setUser) return { isAllowed: await tell(callbacks.canSwitchUserForSession, { session, user: body.setUser }) };
  if (body.meta) return callForJson(callbacks.meta, common);
  return told(callbacks, common, () => (body.pushdown ? pushdown(callbacks, common, body.pushdown) : load(callbacks, common, body.load)));
}

async function readJson(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}

/** Stands for the start of the SQL API: gives the server, or null where no port is set. */
async function serveCallbacks(callbacks) {
  const port = Number(process.env.STAND_IN_SQL_PORT ?? 0);
  if (port === 0) return null;
  const server = http.createServer(async (request, response) => {
    const told = await readJson(request).then((body) => answer(callbacks, body)).catch((error) => ({ error: error.message }));
    // Not an error over HTTP, which cube.js would make safe: a SQL client is told just what the callback said.
    response.end(JSON.stringify(told));
  });
  await new Promise((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

module.exports = { serveCallbacks };
