'use strict';

// Cube's server, without what takes seconds to load; its own parts are found behind this one.

module.exports = {};
