'use strict';

/**
 * Cube's configuration: a contents page. The same in every stack; what varies is in settings.json beside it.
 * Options: https://cube.dev/docs/product/configuration/reference/config
 */

const { guardAnswers } = require('./answers');
const { authentication } = require('./authentication');
const { askForRangesInUtc } = require('./build_ranges');
const { modelFolder, onlyOrganization, portOf, refuseOpenDoors, sharedSecrets } = require('./environment');
const { contextToGroups } = require('./groups');
const { keepLocalTimes } = require('./local_times');
const { eventLogger } = require('./logging');
const { memberVisibility } = require('./member_visibility');
const { modelErrors } = require('./model_compiler');
const { openModel } = require('./model_version');
const { observation } = require('./observation');
const { overridden } = require('./overrides');
const { READINESS_PORT, Readiness, serveReadiness } = require('./readiness');
const { queryRewriter } = require('./row_access');
const { readSettings } = require('./settings');
const { shareWork } = require('./shared_work');
const { fallBackToSource } = require('./source_fallback');
const { guardSqlErrors } = require('./sql_errors');
const { tokenVerifier } = require('./tokens');
const { Pass, withPass } = require('./warm_up');

const settings = overridden(readSettings(__dirname), process.env);
refuseOpenDoors(settings, process.env);
const { algorithms, jwksUri } = settings.jwt;
const secrets = sharedSecrets(algorithms, process.env);
const organization = onlyOrganization(process.env);
const pass = new Pass(settings.rowLevelSecurity, organization);
const verify = withPass(pass, tokenVerifier(settings.jwt, secrets));
const model = openModel(modelFolder(process.env), settings);

// The guards come second: what is observed is what leaves in the end.
const observed = observation(settings.observation, model.closure, process.env.CUBEJS_DB_TYPE);
guardAnswers();
guardSqlErrors();
shareWork();
fallBackToSource();
askForRangesInUtc();
keepLocalTimes();

const variants = memberVisibility(model);

const address = `http://127.0.0.1:${portOf(process.env, 'PORT', 4000)}`;
serveReadiness(new Readiness(address, model, pass, modelErrors), portOf(process.env, 'FLOE_READINESS_PORT', READINESS_PORT));

/*
 * contextToOrchestratorId is left out on purpose, and contextToAppId where all roles see the same members: all
 * organizations share one compiled model and one orchestrator. Nothing crosses: an organization's values are never part
 * of the model, they are bind values of its queries, and Cube's caches and queues are keyed by the SQL together with its
 * bind values. A model that uses COMPILE_CONTEXT, which would be that of whoever came first, stops the start.
 */
module.exports = {
  ...authentication(settings, verify, { organization, modelVersion: model.version }),
  contextToGroups: contextToGroups(settings.rowLevelSecurity),
  queryRewrite: queryRewriter(settings, model.closure),

  ...variants,
  schemaVersion: model.version,

  // `jobs` is never among them: its requests name security contexts in their body.
  contextToApiScopes: async () => [...settings.apiScopes],

  // Cube won't start without a secret or an address of keys, though it uses neither: checkAuth is ours.
  ...(jwksUri === null ? { apiSecret: secrets[0] } : {}),
  jwt: {
    ...(jwksUri === null ? {} : { jwkUrl: jwksUri }),
    // SQL is planned once for equal claims, not once for each token.
    claimsNamespace: 'filter_claims',
  },

  // One context for all organizations' rollups. It has no rights: refreshes don't pass queryRewrite, and there,
  // unsealed, it would be refused.
  scheduledRefreshContexts: async () => [{ securityContext: {} }],
  scheduledRefreshTimeZones: settings.refreshTimeZones,
  preAggregationsSchema: settings.preAggregationsSchema,

  ...observed.hooks,
  logger: eventLogger(process.env.CUBEJS_LOG_LEVEL, { listeners: observed.listeners }),
  http: { cors: { origin: settings.corsOrigins.length > 0 ? settings.corsOrigins : false } },
  telemetry: false,
};
