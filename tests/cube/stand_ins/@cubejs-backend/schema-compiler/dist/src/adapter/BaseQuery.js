'use strict';

// What Cube makes SQL with, without what takes a second to load.

module.exports = {};
