'use strict';

// What cube.js takes from Cube's gateway, as in its 1.7.43.
class CubejsHandlerError extends Error {
  constructor(status, type, message, originalError) {
    super(message || type);
    this.status = status;
    this.type = type;
    this.originalError = originalError;
  }
}

class ApiGateway {
  handleError({ e, res }) {
    res({ error: e.message }, { status: e.status ?? 500 });
  }
}

module.exports = { ApiGateway, CubejsHandlerError };
