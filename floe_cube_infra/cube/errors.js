'use strict';

/**
 * The answers to a refused request. Cube turns exactly this class into a status and a message; a plain Error
 * would become a 500 with its text (outside production: its stack), and anything else would hang the request.
 * So the texts are fixed sentences: nothing of the model, the token or the machine is in them.
 */

const { CubejsHandlerError } = require('@cubejs-backend/api-gateway');

// Every sentence that was ever given, with its status; there are a few dozen, since none holds a value.
const own = new Map();
const MOST_SENTENCES = 1000;

function answer(status, type, sentence) {
  if (own.size < MOST_SENTENCES) own.set(sentence, status);
  return new CubejsHandlerError(status, type, sentence);
}

/** The status of a text that is one of these answers, and so may leave as it is; else undefined. */
const ownStatus = (text) => own.get(text);

/** 401: there is no token, or it doesn't hold. */
const unauthorized = (sentence) => answer(401, 'Unauthorized', sentence);

/** 403: the token holds, but not for this. */
const forbidden = (sentence) => answer(403, 'Forbidden', sentence);

/** 400: the query can't be answered as it is. */
const badRequest = (sentence) => answer(400, 'UserError', sentence);

/** 404: nothing is there, for anybody. */
const notFound = (sentence) => answer(404, 'Not Found', sentence);

/** 503: whether the token holds can't be found out at the moment. */
const unavailable = (sentence) => answer(503, 'Service Unavailable', sentence);

const isAnswer = (error) => error instanceof CubejsHandlerError;

/** What was thrown, if it is an answer; else a 500 that says nothing. */
function asAnswer(thrown) {
  if (isAnswer(thrown)) return thrown;
  // The cause goes to the container's log only.
  console.error('Unexpected error while checking a request:', thrown instanceof Error ? thrown.stack : typeof thrown);
  return answer(500, 'Internal Server Error', 'The request could not be checked.');
}

/** A mistake in what the stack was given: the start ends with the sentence and without a stack trace. */
class StartError extends Error {
  constructor(sentence) {
    super(sentence);
    this.name = 'StartError';
    this.stack = `${this.name}: ${sentence}`;
  }
}

module.exports = { unauthorized, forbidden, badRequest, notFound, unavailable, isAnswer, ownStatus, asAnswer, StartError };
