'use strict';

// A stand-in for js-yaml, which is in Cube's image: of YAML it knows the part that is JSON.

module.exports = { load: (text) => JSON.parse(text), dump: (value) => JSON.stringify(value, null, 1) };
