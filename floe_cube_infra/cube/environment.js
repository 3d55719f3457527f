'use strict';

/** What is taken from the container's environment: secrets, the model's folder; and what must not be in it. */

const path = require('node:path');
const { StartError } = require('./errors');
const { SHARED_SECRET_ALGORITHMS } = require('./settings');

// RFC 7518, 3.2: a key at least as long as the hash. A shorter one can be guessed from any one token.
const SECRET_BYTES = { HS256: 32, HS384: 48, HS512: 64 };

const isOn = (value) => ['true', '1', 'yes', 'on'].includes(String(value ?? '').toLowerCase());

/**
 * Refuses to start where Cube would open doors beside the ones guarded here.
 *
 * Developer mode (also: NODE_ENV other than production) serves a playground that signs any token for anyone; the
 * playground's secret opens pre-aggregation previews, which show the rows of all organizations.
 */
function refuseOpenDoors(settings, environment) {
  if (settings.devMode) return;
  if (isOn(environment.CUBEJS_DEV_MODE)) {
    throw new StartError('CUBEJS_DEV_MODE is on, but settings.json says devMode false; unset it, or use a local stack.');
  }
  if (environment.NODE_ENV !== 'production') {
    throw new StartError('NODE_ENV must be production; anything else is developer mode to Cube, and settings.json says devMode false.');
  }
  if (environment.CUBEJS_PLAYGROUND_AUTH_SECRET) {
    throw new StartError('CUBEJS_PLAYGROUND_AUTH_SECRET is set; it opens every organization\'s rows and belongs to local stacks only.');
  }
}

/**
 * The shared secrets by Cube's rule: the rotation list CUBEJS_API_SECRETS (comma-separated) if it isn't empty,
 * else CUBEJS_API_SECRET. Empty for public-key algorithms.
 */
function sharedSecrets(algorithms, environment) {
  if (!SHARED_SECRET_ALGORITHMS.includes(algorithms[0])) return [];
  const list = (environment.CUBEJS_API_SECRETS ?? '').split(',').map((secret) => secret.trim()).filter(Boolean);
  const [name, secrets] = list.length > 0
    ? ['CUBEJS_API_SECRETS', [...new Set(list)]]
    : ['CUBEJS_API_SECRET', environment.CUBEJS_API_SECRET ? [environment.CUBEJS_API_SECRET] : []];
  if (secrets.length === 0) {
    throw new StartError(`Neither CUBEJS_API_SECRETS nor CUBEJS_API_SECRET is set; ${algorithms} need a secret.`);
  }
  const needed = Math.max(...algorithms.map((algorithm) => SECRET_BYTES[algorithm]));
  for (const secret of secrets) {
    const length = Buffer.byteLength(secret);
    if (length < needed) {
      throw new StartError(`A secret in ${name} has ${length} bytes; ${algorithms} need ${needed} or more (RFC 7518, 3.2).`);
    }
  }
  return secrets;
}

/**
 * The only organization that this pod answers, whatever API is asked; null: any. Catalog queries of the SQL API show
 * each session's statements to all others, so that organizations may not meet in one process.
 */
function onlyOrganization(environment) {
  const organization = environment.FLOE_ORGANIZATION;
  if (organization === undefined) return null;
  if (organization.trim() === '') throw new StartError('FLOE_ORGANIZATION is empty; it must name the organization that this pod is for.');
  return organization;
}

/**
 * The folder with the model files. Not taken from where this file is: in a Kubernetes mount that is a hidden
 * folder behind links. Cube looks for cube.js in its working directory, and the model belongs beside it.
 */
function modelFolder(environment) {
  return path.resolve(environment.FLOE_MODEL_PATH || 'model');
}

/** A port by the name of its variable. */
function portOf(environment, name, otherwise) {
  const given = environment[name] || String(otherwise);
  const port = Number(given);
  if (!/^\d+$/.test(given) || port > 65_535) throw new StartError(`${name} is ${given}; it must be a port, 0 to 65535.`);
  return port;
}

module.exports = { refuseOpenDoors, sharedSecrets, onlyOrganization, modelFolder, portOf };
