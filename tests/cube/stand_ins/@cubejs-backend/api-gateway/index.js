'use strict';

// The one class that cube.js takes from Cube, as in its 1.7.43.
class CubejsHandlerError extends Error {
  constructor(status, type, message, originalError) {
    super(message || type);
    this.status = status;
    this.type = type;
    this.originalError = originalError;
  }
}

module.exports = { CubejsHandlerError };
