'use strict';

/**
 * `node --require` this: where Cube's Rust addon isn't installed, its stand-in is found in its place. The installed
 * packages, which other clones share, stay as they are; an addon that is there is used.
 */

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const STAND_IN = path.join(__dirname, 'index.js');
// Where @cubejs-backend/native looks, see its dist/js/index.js, loadNative.
const isAddon = (file) => path.basename(file) === 'index.node' && file.includes(path.join('@cubejs-backend', 'native'));

const exists = fs.existsSync;
const resolve = Module._resolveFilename;
const isMissing = (file) => typeof file === 'string' && isAddon(file) && !exists(file);

fs.existsSync = (file) => exists(file) || isMissing(file);
Module._resolveFilename = (request, ...others) => (isMissing(request) ? STAND_IN : resolve(request, ...others));
