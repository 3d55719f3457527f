'use strict';

/**
 * Takes records to the observer, in batches over loopback. Nothing here is ever waited for, and nothing fails: records
 * wait in a ring of limited size, one batch is on its way at a time, what doesn't arrive is tried again after a pause
 * that grows, and what finds no room is dropped and counted.
 */

const http = require('node:http');

// As observer/records.py has it.
const VERSION = 2;
const PATH = '/v1/records';
const MOST_BYTES = 1 << 20;
const MOST_RECORDS = 500;

const MOST_WAITING = 20_000;
const MOST_WAITING_BYTES = 16 << 20;
const PERIOD = 200;
const SHORTEST_PAUSE = 250;
const LONGEST_PAUSE = 30_000;
const LONGEST_POST = 5000;
// Of {"version":2,"dropped":...,"records":[]}.
const FRAME_BYTES = 128;

class RecordDelivery {
  #port;
  #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  #ring = [];
  #begin = 0;
  #bytes = 0;
  #dropped = 0;
  #inFlight = false;
  #pause = 0;
  #notBefore = 0;
  #timer = null;
  #now;

  /** @param {{port: number, now?: () => number}} options the observer's port on 127.0.0.1; `now` in milliseconds */
  constructor({ port, now = () => performance.now() }) {
    this.#port = port;
    this.#now = now;
  }

  /** Records that wait, and records that found no room since the last batch that arrived. */
  get state() {
    return { waiting: this.#ring.length - this.#begin, dropped: this.#dropped };
  }

  /** Begins to deliver; never keeps the process alive. */
  start() {
    this.#timer = setInterval(() => this.#post(), PERIOD);
    this.#timer.unref();
  }

  /** Delivers no more. */
  stop() {
    clearInterval(this.#timer);
    this.#agent.destroy();
  }

  /** A record that there is no room for. */
  drop = (count = 1) => {
    this.#dropped += count;
  };

  /** Takes a record. */
  write = (record) => {
    const text = Buffer.from(JSON.stringify(record));
    const isFull = this.#ring.length - this.#begin >= MOST_WAITING || this.#bytes + text.length > MOST_WAITING_BYTES;
    if (isFull || text.length > MOST_BYTES - FRAME_BYTES) {
      this.#dropped += 1;
      return;
    }
    this.#ring.push(text);
    this.#bytes += text.length;
  };

  #post() {
    if (this.#inFlight || this.#now() < this.#notBefore) return;
    const batch = this.#nextBatch();
    const dropped = this.#dropped;
    if (batch.length === 0 && dropped === 0) return;
    this.#inFlight = true;
    const body = Buffer.concat([
      Buffer.from(`{"version":${VERSION},"dropped":${dropped},"records":[`),
      ...batch.flatMap((text, place) => (place === 0 ? [text] : [Buffer.from(','), text])),
      Buffer.from(']}'),
    ]);
    this.#send(body, (status) => this.#answered(status, batch.length, dropped));
  }

  #nextBatch() {
    const batch = [];
    let bytes = FRAME_BYTES;
    for (let at = this.#begin; at < this.#ring.length && batch.length < MOST_RECORDS; at += 1) {
      bytes += this.#ring[at].length + 1;
      if (bytes > MOST_BYTES) break;
      batch.push(this.#ring[at]);
    }
    return batch;
  }

  #send(body, done) {
    let isDone = false;
    const once = (status) => {
      if (!isDone) done(status);
      isDone = true;
    };
    const request = http.request({
      host: '127.0.0.1', port: this.#port, path: PATH, method: 'POST', agent: this.#agent, timeout: LONGEST_POST,
      headers: { 'content-type': 'application/json', 'content-length': body.length },
    }, (response) => {
      response.resume();
      response.once('error', () => once(null));
      once(response.statusCode);
    });
    // Of the whole post: an observer that accepts and never answers.
    const timer = setTimeout(() => request.destroy(), LONGEST_POST);
    timer.unref();
    request.once('timeout', () => request.destroy());
    request.once('error', () => once(null));
    request.once('close', () => {
      clearTimeout(timer);
      once(null);
    });
    request.once('socket', (socket) => socket.unref());
    request.end(body);
  }

  #answered(status, count, dropped) {
    this.#inFlight = false;
    const isTaken = status !== null && status >= 200 && status < 300;
    // Refused as it is: to send it again would be of no use.
    const isRefused = status === 400 || status === 413;
    if (isTaken || isRefused) {
      this.#forget(count);
      this.#pause = 0;
      this.#dropped += isTaken ? -dropped : count;
    }
    if (!isTaken) {
      this.#pause = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, 2 * this.#pause));
      this.#notBefore = this.#now() + this.#pause;
    } else if (this.state.waiting >= MOST_RECORDS) {
      setImmediate(() => this.#post());
    }
  }

  #forget(count) {
    for (let at = this.#begin; at < this.#begin + count; at += 1) {
      this.#bytes -= this.#ring[at].length;
      this.#ring[at] = null;
    }
    this.#begin += count;
    // Seldom, so that it costs nothing by the record.
    if (this.#begin > MOST_WAITING || this.#begin === this.#ring.length) {
      this.#ring = this.#ring.slice(this.#begin);
      this.#begin = 0;
    }
  }
}

module.exports = { RecordDelivery };
