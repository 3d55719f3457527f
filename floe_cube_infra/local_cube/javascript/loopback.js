'use strict';

/**
 * `node --require` this before Cube's server, which listens on all addresses of a machine and has no option for it:
 * on a laptop it is to be reached from that laptop only. And when whoever started it is gone, it ends, too.
 */

const net = require('node:net');
const { isMainThread } = require('node:worker_threads');

const { listen } = net.Server.prototype;

net.Server.prototype.listen = function listenOnLoopback(port, ...rest) {
  const isPort = (typeof port === 'number' || /^\d+$/.test(port)) && typeof rest[0] !== 'string';
  return isPort ? listen.call(this, { port: Number(port), host: '127.0.0.1' }, ...rest) : listen.call(this, port, ...rest);
};

// Standard input is a pipe that the starter holds open. Worker threads load this file, too, and have none.
if (isMainThread) process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0)).resume();
