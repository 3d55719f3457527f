'use strict';

/**
 * The last look at what leaves over HTTP: an answer that tells of an error has the form {error, requestId} and says
 * nothing internal, whichever part of Cube, Express or GraphQL wrote it.
 *
 * Node tells of each request before Express sees it (diagnostics_channel), so that errors of parsers and unknown
 * addresses pass here, too; checkAuth guards again, should that channel ever be gone.
 */

const { randomUUID } = require('node:crypto');
const channel = require('node:diagnostics_channel');
const { ownStatus } = require('./errors');
const { safeAnswer } = require('./safe_texts');

const REQUESTS = 'http.server.request.start';
const LONGEST_ID = 128;
const SOUND_ID = /^[\w.:/-]+$/;
const GRAPHQL_FAILURE = '{"errors":';
const HEALTH_PATHS = ['/readyz', '/livez'];
const guarded = new WeakSet();

/** The id under which Cube logs a request, or will. */
function requestId(request) {
  const given = request.context?.requestId ?? request.headers['x-request-id'] ?? request.headers.traceparent;
  return typeof given === 'string' && given.length <= LONGEST_ID && SOUND_ID.test(given) ? given : randomUUID();
}

function parsed(chunk) {
  try {
    return JSON.parse(String(chunk));
  } catch {
    return null;
  }
}

function graphqlErrors(body, id) {
  const errors = body.errors.map((error) => ({
    message: safeAnswer(400, error?.message, ownStatus).error,
    ...(Array.isArray(error?.locations) ? { locations: error.locations } : {}),
    ...(Array.isArray(error?.path) ? { path: error.path } : {}),
    extensions: { requestId: id },
  }));
  return { errors, ...(Object.hasOwn(body, 'data') ? { data: body.data } : {}) };
}

/** The status and body to send instead of an answer, or null if it may leave as it is. */
function instead(request, status, chunk) {
  const isFailure = status >= 400;
  // Rows are never parsed: a GraphQL answer with errors begins with them.
  if (!isFailure && String(chunk?.subarray?.(0, GRAPHQL_FAILURE.length) ?? '') !== GRAPHQL_FAILURE) return null;
  const body = parsed(chunk);
  if (Array.isArray(body?.errors)) return { status, body: graphqlErrors(body, requestId(request)) };
  if (!isFailure) return null;
  // Kubernetes asks these; they tell of health only.
  if (HEALTH_PATHS.includes(request.url) && body !== null && !Object.hasOwn(body, 'error')) return null;
  const answer = safeAnswer(status, body?.error, ownStatus);
  return { status: answer.status, body: { error: answer.error, requestId: requestId(request) } };
}

/** Sees to it that the answer to a request is safe; guarding twice does nothing more. */
function guardAnswer(request, response) {
  if (guarded.has(response)) return;
  guarded.add(response);
  const end = response.end;
  response.end = function endSafely(chunk, encoding, callback) {
    response.end = end;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8') : chunk;
    const safe = response.headersSent ? null : instead(request, response.statusCode, bytes);
    if (safe === null) return end.call(this, chunk, encoding, callback);
    const body = Buffer.from(JSON.stringify(safe.body));
    response.statusCode = safe.status;
    response.statusMessage = undefined;
    response.removeHeader('etag');
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.setHeader('content-length', body.length);
    return request.method === 'HEAD' ? end.call(this) : end.call(this, body);
  };
}

/** Guards every answer of this process from now on. */
function guardAnswers() {
  channel.subscribe(REQUESTS, ({ request, response }) => guardAnswer(request, response));
}

module.exports = { guardAnswers, guardAnswer, requestId };
