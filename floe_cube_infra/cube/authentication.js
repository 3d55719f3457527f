'use strict';

/** The two doors, REST and GraphQL (checkAuth) and SQL (checkSqlAuth), behind one verifier. */

const { checkAddress } = require('./addresses');
const { guardAnswer } = require('./answers');
const { asAnswer, forbidden, unauthorized } = require('./errors');
const { checkRequest } = require('./request_limits');
const { securityContext } = require('./security_context');
const { SqlSessions } = require('./sql_sessions');
const { EXPIRED, hasExpired } = require('./tokens');

const NO_TOKEN = 'A token is required: Authorization: Bearer <token>.';
const REFUSED = 'The SQL login is refused.';
const NO_SWITCH = 'Nobody can become another user.';
const OTHER_ORGANIZATION = 'This service is for another organization.';
const HEADERS = ['x-cube-authorization', 'authorization'];
const MODEL_HEADER = 'x-floe-model-version';

// One token, with or without "Bearer". Several values of a header arrive joined by a comma.
function tokenOf(header) {
  const match = /^(?:bearer +)?([^\s,]+)$/i.exec(header.trim());
  if (match === null) throw unauthorized(NO_TOKEN);
  return match[1];
}

/**
 * The token of a request. Cube prefers X-Cube-Authorization over Authorization; what stands in front of Cube may
 * have looked at the other one, so two different tokens are refused.
 */
function requestToken(request, given) {
  const headers = request?.headers ?? {};
  const tokens = new Set(HEADERS.map((name) => headers[name]).filter((value) => value !== undefined).map((value) => tokenOf(String(value))));
  if (given !== undefined && given !== null && given !== '') tokens.add(String(given));
  if (tokens.size !== 1) throw unauthorized(NO_TOKEN);
  return [...tokens][0];
}

/**
 * Makes Cube's hooks.
 *
 * @param {object} settings the stack's settings
 * @param {(token: string) => Promise<object>} verify gives a token's claims, or throws the answer
 * @param {object} [options] `now` (milliseconds), `sessions`, `organization`: the only one that is answered,
 *   `modelVersion`: tells which model answers, to those with a token only
 * @returns {{checkAuth, checkSqlAuth, canSwitchSqlUser}}
 */
function authentication(settings, verify, { now = Date.now, sessions = new SqlSessions(), organization = null, modelVersion = () => '' } = {}) {
  const [organizationClaim] = settings.rowLevelSecurity.claims;

  async function contextOf(token) {
    const context = securityContext(await verify(token), settings.rowLevelSecurity);
    // A role that is exempt from the claim has no organization, and so is in none of these pods.
    const values = context.filter_claims[organizationClaim] ?? [];
    if (organization !== null && !(values.length === 1 && values[0] === organization)) throw forbidden(OTHER_ORGANIZATION);
    return context;
  }

  const hasSqlApi = settings.sqlApi === 'shared' || (settings.sqlApi === 'perOrganization' && organization !== null);

  async function checkAuth(request, given) {
    try {
      if (request?.res) guardAnswer(request, request.res);
      // /meta?extended tells the SQL of members, which names what is hidden.
      if (Object.hasOwn(request?.query ?? {}, 'extended')) throw forbidden('The model\'s SQL is not told.');
      const context = await contextOf(requestToken(request, given));
      if (request.res) request.res.setHeader(MODEL_HEADER, modelVersion());
      checkAddress(request, hasSqlApi);
      checkRequest(request, settings.limits);
      // Cube keeps an older name beside it, and prefers that one when both are there.
      request.authInfo = undefined;
      request.securityContext = context;
      return { security_context: context };
    } catch (error) {
      request.authInfo = undefined;
      request.securityContext = undefined;
      throw asAnswer(error);
    }
  }

  async function login(user, token) {
    if (typeof token !== 'string' || token === '') throw unauthorized(REFUSED);
    const context = await contextOf(token);
    // Otherwise the name would say nothing about who it is, and re-authentication goes by the name.
    if (context.user_id !== user) throw forbidden(REFUSED);
    sessions.remember(context);
    return context;
  }

  function reauthenticate(user) {
    const context = sessions.recall(user);
    if (context === null) throw unauthorized(REFUSED);
    if (hasExpired(context.exp, settings.jwt.clockToleranceSeconds, now())) throw unauthorized(EXPIRED);
    return context;
  }

  /** A login with the token as password; a null password (never an empty one) is Cube's re-authentication. */
  async function checkSqlAuth(request, user, password) {
    try {
      if (!hasSqlApi) throw forbidden('The SQL API is off.');
      const isRenewal = password === null || password === undefined;
      const context = isRenewal ? reauthenticate(user) : await login(user, password);
      return { password: null, superuser: false, securityContext: context, skipPasswordCheck: true };
    } catch (error) {
      throw asAnswer(error);
    }
  }

  /**
   * Nobody becomes somebody else by SET user or __user. Where this says false, Cube's Rust part prints the caller's whole
   * context, its seal too, into the error; where it fails, the sentence.
   */
  async function canSwitchSqlUser() {
    throw forbidden(NO_SWITCH);
  }

  return { checkAuth, checkSqlAuth, canSwitchSqlUser };
}

module.exports = { authentication };
