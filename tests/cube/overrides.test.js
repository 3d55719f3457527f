'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { accessRules } = require('../../floe_cube_infra/cube/access_rules');
const { StartError } = require('../../floe_cube_infra/cube/errors');
const { overridden } = require('../../floe_cube_infra/cube/overrides');
const { securityContext } = require('../../floe_cube_infra/cube/security_context');
const { claimsWith, filterBy, settingsWith } = require('./samples');

const saying = (pattern) => (error) => error instanceof StartError && pattern.test(error.message);
const two = settingsWith({ rowLevelSecurity: { claims: ['organization_id', 'region'] } });

test('without the variables, or with empty ones, the settings stay what they are', () => {
  const settings = settingsWith();
  assert.equal(overridden(settings, {}), settings);
  assert.equal(overridden(settings, { FLOE_FILTER_CLAIM: '', FLOE_FILTER_COLUMN: '' }), settings);
});

test('another claim is demanded in the place of the first one, of the same type, and fills its filter', () => {
  const { rowLevelSecurity } = overridden(two, { FLOE_FILTER_CLAIM: 'tenant' });
  const contextOf = (u) => securityContext({ ...claimsWith(), u }, rowLevelSecurity);
  assert.deepEqual(contextOf({ tenant: 'acme', organization_id: 'umbrella', region: 'eu' }).filter_claims, { organization_id: ['acme'], region: ['eu'] });
  assert.throws(() => contextOf({ organization_id: 'acme', region: 'eu' }), { status: 403, message: /u\.tenant/ });
  assert.throws(() => contextOf({ tenant: 7, region: 'eu' }), { status: 403 });
});

for (const [what, environment, settings, expected] of [
  ['a claim that is no name', { FLOE_FILTER_CLAIM: 'a.b' }, two, /must be a name/],
  ['the prototype as a claim', { FLOE_FILTER_CLAIM: '__proto__' }, two, /must be a name/],
  ['the claim of another filter', { FLOE_FILTER_CLAIM: 'region' }, two, /something else/],
  ['roles as a claim', { FLOE_FILTER_CLAIM: 'roles' }, two, /something else/],
  ['a column that is no name', { FLOE_FILTER_COLUMN: '1 = 1' }, two, /must be a name/],
  ['a claim where rows aren\'t filtered', { FLOE_FILTER_CLAIM: 'tenant' }, settingsWith({ rowLevelSecurity: { enabled: false } }), /not filtered/],
  ['a column where rows aren\'t filtered', { FLOE_FILTER_COLUMN: 'tenant' }, settingsWith({ rowLevelSecurity: { enabled: false } }), /not filtered/],
]) {
  test(`${what} stops the start`, () => {
    assert.throws(() => overridden(settings, environment), saying(expected));
  });
}

test('a column is taken if every filtered cube is filtered by it, and stops the start otherwise', () => {
  const ruleOf = (name, member) => ({ name, kind: 'cube', access: { kind: 'filter', filters: [filterBy(member)] }, hidden: [], clear: {}, joins: [], members: {} });
  const files = (...members) => members.map((member, index) => ({ fileName: `c${index}.access.json`, content: JSON.stringify(ruleOf(`c${index}`, member)) }));
  const { rowLevelSecurity } = overridden(settingsWith(), { FLOE_FILTER_COLUMN: 'org_id' });
  assert.equal(accessRules(files('org_id', 'org_id'), rowLevelSecurity).size, 2);
  assert.throws(() => accessRules(files('org_id', 'organization_id'), rowLevelSecurity), saying(/c1\.access\.json filters by organization_id, and FLOE_FILTER_COLUMN is org_id/));
});
