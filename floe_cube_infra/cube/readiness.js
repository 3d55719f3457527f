'use strict';

/**
 * Whether this pod can answer, for Kubernetes' startup and readiness probes:
 *
 *   GET http://<pod>:4010/ready     200 {"ready": true}, or 503 {"ready": false, "reason": "..."}
 *
 * Ready means that the model is compiled, that the first query of each API has been asked (see warm_up.js), and that
 * Cube's own /readyz finds the database. Cube's /readyz alone doesn't know whether the model compiles. The port is
 * FLOE_READINESS_PORT's where that is set (0: any that is free). A pod whose model doesn't compile stays unready, and its log says why, once.
 */

const http = require('node:http');
const { askEachApi, rolesToWarm } = require('./warm_up');

const READINESS_PORT = 4010;
const READINESS_PATH = '/ready';

const PAUSE_MILLISECONDS = 250;
const PROBE_MILLISECONDS = 4000;

const pause = (milliseconds) => new Promise((resolve) => {
  // Nothing here keeps a process alive that Cube's server doesn't.
  setTimeout(resolve, milliseconds).unref();
});

async function answers(address, path) {
  try {
    const response = await fetch(`${address}${path}`, { signal: AbortSignal.timeout(PROBE_MILLISECONDS) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

class Readiness {
  #address;
  #model;
  #pass;
  #explain;
  #warm = null;
  #failed = null;
  #running = null;

  /**
   * @param {string} address of Cube's API on this machine
   * @param {{version: () => string, declared: (roles: string[]) => object, clearingRoles: () => string[]}} model
   * @param {import('./warm_up').Pass} pass
   * @param {(declared: object) => Promise<string[]>} explain why a model doesn't compile
   */
  constructor(address, model, pass, explain) {
    this.#address = address;
    this.#model = model;
    this.#pass = pass;
    this.#explain = explain;
  }

  /** Waits for Cube to listen, and warms the model as it is now; once at a time, and never again one that failed. */
  warmUp() {
    const version = this.#model.version();
    if (this.#warm !== version && this.#failed !== version) {
      this.#running ??= this.#warmUp(version).finally(() => {
        this.#running = null;
      });
    }
    return this.#running ?? Promise.resolve();
  }

  async #warmUp(version) {
    while (!(await answers(this.#address, '/livez'))) await pause(PAUSE_MILLISECONDS);
    const started = Date.now();
    let roles;
    try {
      for (roles of rolesToWarm(this.#model)) await askEachApi(this.#address, this.#pass.issue(roles));
      this.#warm = version;
      console.log(`The model is compiled and the APIs are warm after ${((Date.now() - started) / 1000).toFixed(1)} s.`);
    } catch (error) {
      const errors = await this.#errors(roles);
      // A model that compiles may answer the next time; one that doesn't never will.
      if (errors.length > 0) this.#failed = version;
      console.error(`This pod stays unready. ${errors.length > 0 ? `The model doesn't compile:\n${errors.join('\n')}` : error.message}`);
    } finally {
      this.#pass.revoke();
    }
  }

  async #errors(roles) {
    try {
      return await this.#explain(this.#model.declared(roles));
    } catch (error) {
      return [error.message];
    }
  }

  /** Why this pod can't answer; null if it can. */
  async reason() {
    const version = this.#model.version();
    if (this.#failed === version) return 'The model does not compile; the log says why.';
    if (this.#warm !== version) {
      this.warmUp();
      return 'The model is being compiled.';
    }
    return (await answers(this.#address, '/readyz')) ? null : 'Cube is not ready; can it reach its database?';
  }
}

/** Starts the warm-up and the server that tells of it. Gives the server. */
function serveReadiness(readiness, port) {
  readiness.warmUp();
  const server = http.createServer(async (request, response) => {
    const isKnown = request.method === 'GET' && request.url === READINESS_PATH;
    const reason = isKnown ? await readiness.reason() : `Only GET ${READINESS_PATH} is answered here.`;
    response.writeHead(reason === null ? 200 : isKnown ? 503 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(reason === null ? { ready: true } : { ready: false, reason }));
  });
  // Without it the pod's probe fails, which is as safe; on a laptop, Cube still answers.
  server.on('error', (error) => console.error(`Nothing tells on port ${port} whether this server is ready (${error.code}); set FLOE_READINESS_PORT.`));
  return server.listen(port).unref();
}

module.exports = { READINESS_PATH, READINESS_PORT, Readiness, serveReadiness };
