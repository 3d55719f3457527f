'use strict';

/** From the database's rows to an answer of Cube's API: aliases become members, times ISO 8601 without a zone. */

// From fine to coarse.
const GRANULARITIES = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'];

function coarseness(granularity) {
  const place = GRANULARITIES.indexOf(granularity);
  return place === -1 ? GRANULARITIES.length : place;
}

function timeWithoutZone(value) {
  const match = typeof value === 'string' ? /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?/.exec(value) : null;
  return match === null ? value : `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(3, '0')}`;
}

const nameOf = (member) => (typeof member === 'string' ? member : member.name);

// Cube's own words: what isn't in the annotation isn't public.
function refuseHidden(member, annotation) {
  if (!Object.hasOwn(annotation, member)) {
    throw new Error(`You requested hidden member: '${member}'. Please make it visible using \`public: true\`.`);
  }
}

function requestedMembers({ measures = [], dimensions = [], timeDimensions = [] }) {
  return [...measures, ...dimensions, ...timeDimensions.filter(({ granularity }) => granularity).map(({ dimension }) => dimension)];
}

// A time dimension's finest granularity is also given under its own name.
function plainTimes(columns, dimensions) {
  const finest = new Map();
  for (const { name, valueAt } of columns) {
    const [cube, member, granularity] = name.split('.');
    const plain = `${cube}.${member}`;
    if (granularity !== undefined && !dimensions.includes(plain)) {
      const known = finest.get(plain);
      if (known === undefined || coarseness(granularity) < known.place) finest.set(plain, { name: plain, place: coarseness(granularity), valueAt });
    }
  }
  return [...finest.values()];
}

function addedColumn({ query, queryType }, columns) {
  const [time] = query.timeDimensions ?? [];
  if (queryType === 'compareDateRangeQuery') {
    return [{ name: 'compareDateRange', valueAt: () => time.dateRange.join(' - ') }];
  }
  if (queryType === 'blendingQuery') {
    const { valueAt } = columns.find(({ name }) => name === `${time.dimension}.${time.granularity}`);
    return [{ name: `time.${time.granularity}`, valueAt }];
  }
  return [];
}

function columnsOf(given, { members, columns }) {
  const { aliasToMemberNameMap, annotation, query } = given;
  requestedMembers(query).forEach((member) => refuseHidden(nameOf(member), annotation));
  const own = members.map((alias, index) => {
    const name = aliasToMemberNameMap[alias];
    if (name === undefined) throw new Error(`The answer has a column ${alias} that no member asked for.`);
    refuseHidden(name, annotation);
    const isTime = annotation[name].type === 'time';
    return { name, valueAt: (row) => (isTime ? timeWithoutZone(columns[index][row]) : columns[index][row]) };
  });
  return [...own, ...plainTimes(own, (query.dimensions ?? []).map(nameOf)), ...addedColumn(given, own)];
}

/**
 * The rows of one query.
 *
 * @param {object} given what Cube knows of the query: aliasToMemberNameMap, annotation, query, queryType, resType
 * @param {Uint8Array} raw JSON: {members: aliases, columns: values by column}
 */
function rowsOf(given, raw) {
  const decoded = JSON.parse(Buffer.from(raw).toString('utf8'));
  const size = decoded.columns[0]?.length ?? 0;
  const columns = size === 0 ? [] : columnsOf(given, decoded);
  if (size === 0) requestedMembers(given.query).forEach((member) => refuseHidden(nameOf(member), given.annotation));
  const rows = Array.from({ length: size }, (_, row) => row);
  const members = columns.map(({ name }) => name);
  if (given.resType === 'compact') return { members, dataset: rows.map((row) => columns.map(({ valueAt }) => valueAt(row))) };
  if (given.resType === 'columnar') return { members, columns: columns.map(({ valueAt }) => rows.map(valueAt)) };
  return rows.map((row) => Object.fromEntries(columns.map(({ name, valueAt }) => [name, valueAt(row)])));
}

const encoded = (answer) => new TextEncoder().encode(JSON.stringify(answer)).buffer;

const finalAnswer = (given, raw, head) => encoded({ ...head, data: rowsOf(given, raw) });

const finalAnswers = (given, raw, head) => encoded({
  ...head,
  results: head.results.map((one, index) => ({ ...one, data: rowsOf(given[index], raw[index]) })),
});

module.exports = { rowsOf, finalAnswer, finalAnswers };
