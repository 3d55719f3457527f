'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { StartError, forbidden } = require('../../floe_cube_infra/cube/errors');
const { guardSqlErrors } = require('../../floe_cube_infra/cube/sql_errors');

/** What is told of an error by a gateway that hands on its text, as Cube's does. */
function told(text, context, status = 500) {
  class ApiGateway {
    handleError({ e, res }) {
      res({ error: e.message, stack: e.stack, requestId: undefined }, { status });
    }
  }
  guardSqlErrors({ ApiGateway });
  const answers = [];
  new ApiGateway().handleError({ e: new Error(text), context, res: (answer) => answers.push(answer) });
  return answers[0];
}
const SQL = { apiType: 'sql', requestId: 'r-1' };

test('a database\'s words are not told, but where they are', () => {
  assert.deepEqual(told('Error: invalid input syntax for type integer: "somebody else"', SQL, 400), {
    error: 'The query could not be answered; the log has the reason under this requestId. (requestId: r-1)',
  });
});

test('our own sentences, and what is said of the query itself, stay', () => {
  const { message, status } = forbidden('Access to the requested data is refused.');
  assert.equal(told(message, SQL, status).error, 'Access to the requested data is refused. (requestId: r-1)');
  assert.equal(told('\'x\' not found for path \'orders.x\'', SQL, 400).error, '\'x\' not found for path \'orders.x\' (requestId: r-1)');
});

test('what makes the SQL API ask again stays as it is', () => {
  assert.deepEqual(told('Continue wait', SQL, 200), { error: 'Continue wait' });
});

test('answers over HTTP are left to their own guard', () => {
  for (const context of [undefined, { requestId: 'r-1' }, { apiType: 'graphql' }]) assert.equal(told('as it was', context).error, 'as it was');
});

test('a gateway without that method stops the start', () => {
  for (const gateway of [{}, { ApiGateway: class {} }]) assert.throws(() => guardSqlErrors(gateway), StartError);
});
