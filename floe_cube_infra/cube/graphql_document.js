'use strict';

/** How many queries a GraphQL document asks at once: each field `cube`, under whatever alias, is one. */

const { createRequire } = require('node:module');

// The parser that Cube's gateway itself uses.
const fromGateway = createRequire(require.resolve('@cubejs-backend/api-gateway'));

/** The number of queries; 0 for a text that is no document, of which GraphQL itself tells why. */
function countQueries(text) {
  const { parse, visit } = fromGateway('graphql');
  let count = 0;
  try {
    visit(parse(text, { noLocation: true }), {
      Field(field) {
        if (field.name.value === 'cube') count += 1;
      },
    });
  } catch {
    return 0;
  }
  return count;
}

module.exports = { countQueries };
