'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { JoinGraph } = require('../../floe_cube_infra/cube/join_graph');

const graphOf = (joins) => new JoinGraph(new Map(Object.entries(joins)));
const between = (joins, ...chains) => {
  const cubes = graphOf(joins).cubesBetween(chains.map((chain) => [].concat(chain)));
  return cubes === null ? null : [...cubes].sort().join(' ');
};

const chain = { tickets: ['orders'], orders: ['customers'], customers: ['regions'], regions: [] };

test('a single cube needs no join', () => {
  assert.equal(between(chain, 'orders'), 'orders');
});

test('the cubes on the way are found', () => {
  assert.equal(between(chain, 'tickets', 'regions'), 'customers orders regions tickets');
  assert.equal(between(chain, 'regions', 'tickets'), 'customers orders regions tickets');
});

test('joins are only followed in the direction in which they are declared', () => {
  assert.equal(between({ a: ['hub'], b: ['hub'], hub: [] }, 'a', 'b'), null);
  assert.equal(between({ a: ['hub'], b: ['hub'], hub: ['b'] }, 'a', 'b'), 'a b hub');
});

test('the root with the fewest joins wins, and detours from the others don\'t count', () => {
  const joins = { orders: ['customers'], customers: ['tickets'], tickets: ['orders'] };
  assert.equal(between(joins, 'orders', 'customers'), 'customers orders');
});

test('all of several shortest ways count', () => {
  const joins = { a: ['left', 'right'], left: ['b'], right: ['b'], b: [] };
  assert.equal(between(joins, 'a', 'b'), 'a b left right');
});

test('all of several equally good roots count', () => {
  const joins = { a: ['x'], x: ['b'], b: ['y'], y: ['a'] };
  assert.equal(between(joins, 'a', 'b'), 'a b x y');
});

test('a path that is asked for is followed step by step', () => {
  const joins = { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] };
  assert.equal(between(joins, ['a', 'b', 'd']), 'a b d');
  assert.equal(between(joins, 'a', 'd'), 'a b c d');
});

test('cycles and joins to oneself end', () => {
  assert.equal(between({ a: ['a', 'b'], b: ['a'] }, 'a', 'b'), 'a b');
});
