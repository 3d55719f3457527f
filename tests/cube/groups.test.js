'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { contextToGroups } = require('../../floe_cube_infra/cube/groups');
const { queryRewriter } = require('../../floe_cube_infra/cube/row_access');
const { clock, closureOf, contextOf, filterBy, settingsWith } = require('./samples');

const rowLevelSecurity = {
  enabled: true,
  claims: ['organization_id', 'region', 'team'],
  claimTypes: { organization_id: 'text', region: 'text', team: 'text' },
  exemptRoles: { region: ['traveller', 'auditor'], organization_id: ['auditor'] },
};
const U = { organization_id: 'acme', region: 'eu', team: 'red' };
const contextWith = (...roles) => contextOf({ u: { ...U, roles } }, rowLevelSecurity);
const groupsOf = (securityContext, rules = rowLevelSecurity) => contextToGroups(rules)({ securityContext });

for (const [roles, organization, region] of [
  [[], 'own', 'own'],
  [['analyst', 'toString', 'organization_id: all'], 'own', 'own'],
  [['traveller'], 'own', 'all'],
  [['auditor'], 'all', 'all'],
]) {
  test(`with the roles [${roles}] a context is in one group for each choice of claims that exempt`, async () => {
    assert.deepEqual(await groupsOf(contextWith(...roles)), [
      `organization_id: ${organization}`, `region: ${region}`, `organization_id: ${organization}, region: ${region}`,
    ]);
  });
}

test('without exempt roles there are no groups', async () => {
  assert.deepEqual(await groupsOf(contextWith('auditor'), { ...rowLevelSecurity, exemptRoles: {} }), []);
});

test('a context that isn\'t authentic is in no group', async () => {
  for (const stranger of [undefined, {}, { ...contextWith('traveller'), roles: ['auditor'] }]) assert.deepEqual(await groupsOf(stranger), []);
});

const closure = closureOf({
  orders: { access: { kind: 'filter', filters: [filterBy('org_id'), filterBy('region', 'region'), filterBy('team', 'team')] } },
  customers: { access: { kind: 'filter', filters: [filterBy('organization_id')] } },
  secrets: { access: { kind: 'refused' } },
});
const rewrite = queryRewriter(settingsWith({ rowLevelSecurity }), () => closure, { now: clock });
const filtersFor = async (cube, ...roles) => (await rewrite({ measures: [`${cube}.count`] }, { securityContext: contextWith(...roles) })).filters;
const equals = (member, value) => ({ member, operator: 'equals', values: [value] });

test('every filter of a cube holds, but for those that a role is exempt from', async () => {
  const [own, region, team] = [equals('orders.org_id', 'acme'), equals('orders.region', 'eu'), equals('orders.team', 'red')];
  assert.deepEqual(await filtersFor('orders'), [own, region, team]);
  assert.deepEqual(await filtersFor('orders', 'traveller'), [own, team]);
  assert.deepEqual(await filtersFor('orders', 'auditor'), [team]);
  assert.deepEqual(await filtersFor('customers', 'auditor'), []);
  assert.deepEqual(await filtersFor('customers', 'traveller'), [equals('customers.organization_id', 'acme')]);
});

test('nobody is exempt from a refusal', async () => {
  await assert.rejects(filtersFor('secrets', 'auditor'), { status: 403 });
});
