'use strict';

/**
 * A record of each build of a rollup (observer/records.py): Cube builds each partition by a queue of its own, whose
 * events tell of the rollup. Where nothing is built there are none.
 */

const { clock, errorText } = require('./open_query');

const FAILED = 'Error while querying';
const ENDS = ['Performing query completed', FAILED];
// Of Cube's queue for each database; far fewer are built at once.
const MOST_OPEN = 1000;
const LONGEST_NAME = 256;

class RollupBuilds {
  #begun = new Map();
  #write;
  #now;

  /** @param {{write: (record: object) => void, now?: () => number}} options `now` in microseconds */
  constructor({ write, now = clock }) {
    this.#write = write;
    this.#now = now;
  }

  /** Takes each of Cube's events; a listener of `eventLogger`. */
  hear = (message, params) => {
    if (typeof params.preAggregationId !== 'string' || params.queueId === undefined) return;
    const key = JSON.stringify([params.queuePrefix, params.queueId]);
    if (message === 'Performing query') {
      if (this.#begun.size < MOST_OPEN) this.#begun.set(key, this.#now());
      return;
    }
    const begun = this.#begun.get(key);
    if (begun === undefined || !ENDS.includes(message)) return;
    this.#begun.delete(key);
    this.#write({
      kind: 'build',
      preAggregation: params.preAggregationId.slice(0, LONGEST_NAME),
      during: [begun, Math.max(begun, this.#now())],
      ...(message === FAILED ? { errorType: 'DatabaseError', error: errorText(params.error) } : {}),
    });
  };
}

module.exports = { RollupBuilds };
