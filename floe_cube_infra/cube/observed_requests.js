'use strict';

/** REST and GraphQL queries as requests: when each arrives, by whom it was caused, and how it is answered. */

const channel = require('node:diagnostics_channel');
const { countRows, isContinueWait, isGraphqlFailure } = require('./answer_rows');
const { requestId } = require('./answers');

const REQUESTS = 'http.server.request.start';
const PATH = /\/(?:v1\/(load|subscribe|cubesql)|(graphql))$/;
const METHODS = ['GET', 'POST'];
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(?:-[\w-]*)?$/;
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;
// As OpenLineage's integrations hand it on (OPENLINEAGE_PARENT_ID): namespace/job/run.
const PARENT_HEADER = 'x-openlineage-parent';
const PARENT = /^([^/\s]{1,256})\/([^/\s]{1,256})\/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/;
const LONGEST_TRACEPARENT = 256;

const CUT = { type: 'Cancelled', text: 'The caller closed the connection.' };
const GRAPHQL_FAILURE = { type: 'GraphQLError', text: 'The GraphQL document could not be answered.' };

/** The API of a request; null if it is none of a query. */
function apiOf({ url, method }) {
  const found = METHODS.includes(method) ? PATH.exec(String(url).split('?', 1)[0]) : null;
  if (found === null) return null;
  if (found[2] !== undefined) return 'graphql';
  return found[1] === 'cubesql' ? 'sql' : 'rest';
}

/** Who caused a request, as far as its headers say that in a sound form. */
function callerOf(headers) {
  const { traceparent, tracestate, [PARENT_HEADER]: parent } = headers;
  const caller = {};
  if (typeof traceparent === 'string' && traceparent.length <= LONGEST_TRACEPARENT && TRACEPARENT.test(traceparent)) {
    caller.traceparent = traceparent;
    if (typeof tracestate === 'string' && TRACESTATE.test(tracestate)) caller.tracestate = tracestate;
  }
  const named = typeof parent === 'string' ? PARENT.exec(parent) : null;
  if (named !== null) {
    const [, namespace, job, runId] = named;
    caller.lineageParent = { namespace: decoded(namespace), job: decoded(job), runId };
  }
  return caller;
}

// Namespaces such as https://host hold slashes, and so arrive percent-encoded.
function decoded(text) {
  try {
    return decodeURIComponent(text).slice(0, LONGEST_TRACEPARENT).toWellFormed();
  } catch {
    return text;
  }
}

class ObservedRequests {
  #records;
  #queries = new WeakMap();

  constructor(records) {
    this.#records = records;
  }

  /**
   * Observes all requests of this process from now on. To be called before `guardAnswers`: what is looked at is what
   * leaves in the end.
   */
  start() {
    channel.subscribe(REQUESTS, ({ request, response }) => {
      try {
        this.#begin(request, response);
      } catch {
        // An observer's mistake is not the query's.
      }
    });
  }

  #begin(request, response) {
    const api = apiOf(request);
    if (api === null) return;
    const query = this.#records.begin(api, requestId(request));
    if (query === null) return;
    query.caller = callerOf(request.headers);
    this.#queries.set(request, query);
    const end = response.end;
    let body = null;
    response.end = function endAndLook(chunk, encoding, callback) {
      response.end = end;
      if (Buffer.isBuffer(chunk)) body = chunk;
      else if (typeof chunk === 'string') body = Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8');
      return end.call(this, chunk, encoding, callback);
    };
    response.once('close', () => {
      try {
        this.#end(query, response, body);
      } catch {
        this.#records.lose(query);
      }
    });
  }

  #end(asked, response, body) {
    const query = asked.pollOf ?? asked;
    if (!response.writableFinished) {
      this.#records.end(query, CUT);
      return;
    }
    const { statusCode: status } = response;
    // GraphQL answers 500 where there is no data at all.
    if ((status === 200 || query.api === 'graphql') && body !== null && isContinueWait(body)) {
      this.#records.wait(query);
      return;
    }
    query.status = status;
    const isFailure = query.api === 'graphql' && body !== null && isGraphqlFailure(body);
    if (query.api === 'graphql' && status === 200 && !isFailure && query.asked === null) {
      // Of the schema, not of rows.
      this.#records.forget(query);
      return;
    }
    if (body !== null) query.bytes = body.length;
    if (body !== null && status === 200 && !isFailure && query.api !== 'sql') query.rows = countRows(body, query.api);
    this.#records.end(query, isFailure ? GRAPHQL_FAILURE : null);
  }

  /**
   * Cube's hook `extendContext`: the token holds, the request has an id. Callers that use one id for several requests at
   * once would have their events mixed up: the later ones get an id of their own.
   */
  extendContext = (request) => {
    const query = this.#queries.get(request);
    if (query === undefined) return {};
    return { requestId: this.#records.identify(query, requestId(request)) };
  };
}

module.exports = { ObservedRequests };
